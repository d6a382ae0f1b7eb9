// Package tested has tests of every kind.
package tested

import (
	"strings"
	"sync"
	"time"
)

// Count counts words, several texts at a time.
func Count(texts ...string) int {
	var mutex sync.Mutex
	var group sync.WaitGroup
	total := 0
	for _, text := range texts {
		group.Add(1)
		go func(text string) {
			defer group.Done()
			mutex.Lock()
			defer mutex.Unlock()
			total += len(strings.Fields(text))
		}(text)
	}
	group.Wait()
	return total
}

// Zone is the offset of a place from UTC, in seconds.
func Zone(place string) (int, error) {
	location, err := time.LoadLocation(place)
	if err != nil {
		return 0, err
	}
	_, offset := time.Unix(1700000000, 0).In(location).Zone()
	return offset, nil
}
