// Command optimized is built with the profile beside it.
package main

import "fmt"

func weigh(text string) (sum int) {
	for _, r := range text {
		sum = (sum*31 + int(r)) % 1000003
	}
	return sum
}

func main() {
	total := 0
	for i := 0; i < 200; i++ {
		total += weigh("a text that is long enough to be worth it")
	}
	fmt.Println(total)
}
