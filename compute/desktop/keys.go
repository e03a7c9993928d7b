package desktop

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"io/fs"
	"os"
	"sync"
)

// browsersMax is how many browsers may have the page open; a new one takes the place of the oldest.
const browsersMax = 16

// keys decide who may see the page. A link lets one browser in, once: it is in a file for the owner's eyes only, and a new one takes its
// place when it was used, so that one that is left in the list of processes, or in a browser's history, opens nothing. The browser
// keeps a token for the page alone, not a cookie: a cookie would be sent to whatever listens at another port of this computer.
type keys struct {
	path string // of the file with the link

	mu       sync.Mutex // guards what follows
	base     string     // address of the page
	code     [32]byte   // hash of the code in the link
	browsers [][32]byte // hashes of their tokens
}

// publish writes a link with a new code, and returns it. mu is held.
func (k *keys) publish() (string, error) {
	code := rand.Text()
	k.code = sha256.Sum256([]byte(code))
	link := k.base + "#" + code
	return link, writeFile(k.path, []byte(link+"\n"))
}

// serve begins to let browsers in at an address, and returns the first link.
func (k *keys) serve(base string) (string, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.base = base
	return k.publish()
}

// fresh returns a link that nobody has seen; the one before it opens nothing any more.
func (k *keys) fresh() (string, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.base == "" {
		return "", errNotServed
	}
	return k.publish()
}

// end removes the link. No other follows.
func (k *keys) end() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.base = ""
	if err := os.Remove(k.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// enter returns a token for the browser that has the code of the link.
func (k *keys) enter(code string) (token string, fits bool, err error) {
	given := sha256.Sum256([]byte(code))
	k.mu.Lock()
	defer k.mu.Unlock()
	if subtle.ConstantTimeCompare(given[:], k.code[:]) != 1 {
		return "", false, nil
	}
	if _, err := k.publish(); err != nil {
		return "", false, err
	}
	token = rand.Text()
	k.browsers = append(k.browsers, sha256.Sum256([]byte(token)))
	k.browsers = k.browsers[max(len(k.browsers)-browsersMax, 0):]
	return token, true, nil
}

// fits reports whether a browser was let in.
func (k *keys) fits(token string) bool {
	given := sha256.Sum256([]byte(token))
	k.mu.Lock()
	defer k.mu.Unlock()
	fits := 0
	for i := range k.browsers {
		fits |= subtle.ConstantTimeCompare(given[:], k.browsers[i][:])
	}
	return fits == 1
}
