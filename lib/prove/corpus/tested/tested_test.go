package tested

import (
	"fmt"
	"os"
	"testing"
)

func TestCount(t *testing.T) {
	for _, test := range []struct {
		text string
		want int
	}{{"", 0}, {"a", 1}, {"a b", 2}} {
		t.Run(test.text, func(t *testing.T) {
			if got := Count(test.text); got != test.want {
				t.Errorf("got %d, want %d", got, test.want)
			}
		})
	}
}

// The time zones come with the SDK: ZONEINFO names its file. Without it Go would look for the machine's.
func TestZone(t *testing.T) {
	if file := os.Getenv("ZONEINFO"); file != "" {
		if _, err := os.Stat(file); err != nil {
			t.Fatal(err)
		}
	}
	if offset, err := Zone("Asia/Kolkata"); err != nil || offset != 19800 {
		t.Error(offset, err)
	}
}

func FuzzCount(f *testing.F) {
	f.Add("a b")
	f.Fuzz(func(t *testing.T, text string) {
		if Count(text, text) != 2*Count(text) {
			t.Error(text)
		}
	})
}

func BenchmarkCount(b *testing.B) {
	for i := 0; i < b.N; i++ {
		Count("a b c", "d e f")
	}
}

func ExampleCount() {
	fmt.Println(Count("a b", "c"))
	// Output: 3
}
