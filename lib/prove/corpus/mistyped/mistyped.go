// Package mistyped does not compile.
package mistyped

import "fmt"

func f() int { return "text" }

func g() { undefined() }
