// Command web talks HTTP over TLS with itself.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
)

func main() {
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		json.NewEncoder(w).Encode(map[string]string{"path": r.URL.Path, "proto": r.Proto})
	}))
	defer server.Close()
	response, err := server.Client().Get(server.URL + "/there")
	if err != nil {
		panic(err)
	}
	body, err := io.ReadAll(response.Body)
	fmt.Print(response.Status, " ", string(body), err, "\n")
}
