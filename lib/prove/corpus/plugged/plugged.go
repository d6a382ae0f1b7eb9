// Command plugged is a plugin.
package main

import "fmt"

// Hello is looked up by name.
func Hello() { fmt.Println("plugged in") }

func main() {}
