// Package wrong has what vet finds.
package wrong

import (
	"fmt"
	"sync"
)

// Print prints with mistakes.
func Print(mutex sync.Mutex) {
	fmt.Printf("%d %s\n", "text")
	mutex.Lock()
}
