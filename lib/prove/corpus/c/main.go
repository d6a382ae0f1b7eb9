// Command c calls C, and looks a user up, which calls C, too.
package main

/*
#include <stdlib.h>
#include <string.h>
static int twice(int n) { return 2 * n; }
*/
import "C"

import (
	"fmt"
	"net"
	"os/user"
	"unsafe"
)

//export callback
func callback(n C.int) C.int { return n + 1 }

func main() {
	text := C.CString("four")
	defer C.free(unsafe.Pointer(text))
	_, err := user.LookupId("0")
	fmt.Println(C.twice(21), C.strlen(text), err, net.ParseIP("::1"))
}
