package main

import (
	"fmt"
	"os"
)

func greeting(names []string) string {
	return fmt.Sprint("hello ", names)
}

func main() {
	fmt.Println(greeting(os.Args[1:]))
	os.Exit(7)
}
