//go:build ignore

package main

import (
	"go/format"
	"os"
)

func main() {
	text, err := format.Source([]byte("package generated\nconst   Answer=42\n"))
	if err != nil {
		panic(err)
	}
	os.WriteFile("answer.go", text, 0o644)
}
