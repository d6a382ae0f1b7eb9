// Package locked has what vet finds: a lock that is copied.
package locked

import "sync"

// Lock locks a copy.
func Lock(mutex sync.Mutex) {
	mutex.Lock()
}
