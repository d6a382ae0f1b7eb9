// Command embedded carries a file.
package main

import (
	"embed"
	"fmt"
	"os"
	"text/template"
)

//go:embed page.txt
var files embed.FS

func main() {
	page := template.Must(template.ParseFS(files, "page.txt"))
	fmt.Println(page.Execute(os.Stdout, map[string]int{"Answer": 42}))
}
