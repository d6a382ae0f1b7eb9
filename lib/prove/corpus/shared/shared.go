// Command shared is a library for C programs.
package main

import "C"

//export Twice
func Twice(n C.int) C.int { return 2 * n }

func main() {}
