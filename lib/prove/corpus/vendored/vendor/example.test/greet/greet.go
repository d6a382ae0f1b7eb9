// Package greet greets.
package greet

// Hello greets.
func Hello() string { return "hello from a vendored module" }
