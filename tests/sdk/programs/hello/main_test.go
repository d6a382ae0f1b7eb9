package main

import "testing"

func TestGreeting(t *testing.T) {
	if got := greeting([]string{"a"}); got != "hello [a]" {
		t.Fatal(got)
	}
}
