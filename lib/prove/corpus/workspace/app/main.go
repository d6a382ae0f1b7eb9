// Command app uses another module of the workspace.
package main

import "app.test/lib"

func main() { println(lib.Name()) }
