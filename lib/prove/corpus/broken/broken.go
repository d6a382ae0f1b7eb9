// Package broken does not compile.
package broken

import (
	"fmt"
	"no/such/package"
)

func f() int { return "text" + undefined }
