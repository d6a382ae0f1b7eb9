// Program starting does what starts bin/go of GOROOT: it reads what a package exports, and looks for a module's package.
package main

import (
	"fmt"
	"go/build"
	"go/importer"
	"os"
)

func main() {
	imported, err := importer.Default().Import("net/http")
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(imported.Path(), imported.Scope().Lookup("Get"))
	found, err := build.Import("corpus/hello", ".", 0)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(found.Name, found.GoFiles)
}
