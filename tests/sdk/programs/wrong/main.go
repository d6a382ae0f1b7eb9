// Something for vet to find.
package main

import "fmt"

func main() {
	fmt.Printf("%d\n", "no number")
}
