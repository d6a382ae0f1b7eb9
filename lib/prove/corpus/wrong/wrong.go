// Package wrong has what vet finds: a format that does not fit.
package wrong

import "fmt"

// Print prints with a mistake.
func Print() {
	fmt.Printf("%d\n", "text")
}
