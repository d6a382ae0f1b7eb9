// Package lib has a name.
package lib

// Name is the library's name.
func Name() string { return "lib" }
