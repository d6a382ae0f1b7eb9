// Command hello prints its arguments.
package main

import (
	"fmt"
	"os"
	"time"
)

// Greeting is what is said to everyone.
const Greeting = "hello"

func main() {
	fmt.Println(Greeting, os.Args[1:], time.Unix(0, 0).UTC())
}
