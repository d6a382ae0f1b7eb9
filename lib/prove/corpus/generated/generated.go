// Package generated has a file that a program writes.
package generated

//go:generate go run generate.go
