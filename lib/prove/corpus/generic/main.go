// Command generic uses type parameters.
package main

import (
	"fmt"
	"sort"
)

type number interface{ ~int | ~float64 }

func sum[K comparable, V number](values map[K]V) (total V) {
	for _, value := range values {
		total += value
	}
	return total
}

type list[T any] struct{ items []T }

func (l *list[T]) add(item T) { l.items = append(l.items, item) }

func main() {
	var words list[string]
	words.add("b")
	words.add("a")
	sort.Strings(words.items)
	fmt.Println(sum(map[string]int{"a": 1, "b": 2}), sum(map[int]float64{1: 1.5}), words.items)
}
