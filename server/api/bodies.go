package api

import (
	"bytes"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
)

const uploadPath = "/v1/media"

const (
	// largeBodies bounds the memory that all images and pieces take which are being uploaded at a time.
	largeBodies = 256 << 20

	// largeBodyTime is longer than any upload takes, with all that is done to it. What is reserved for one that ended
	// without a word is free again after it.
	largeBodyTime = 2*readTime + 2*slowTime

	busyWait = 5 * time.Second
)

var errBusy = tasknet.NewError(tasknet.Unavailable, "too_many_uploads", "Too much is being uploaded at the moment; wait as long as the Retry-After header says.")

// bodies reserves memory for large bodies before they are read. Reservations go by the header of the request, which is
// all that there is at that time, and whose address stays the same until the request is done.
type bodies struct {
	most int64
	now  func() time.Time

	mu    sync.Mutex // guards all below
	taken int64
	large map[*fasthttp.RequestHeader]largeBody
}

type largeBody struct {
	bytes int64 // 0: there was no room
	until time.Time
}

func newBodies(most int64, now func() time.Time) *bodies {
	return &bodies{most: most, now: now, large: make(map[*fasthttp.RequestHeader]largeBody)}
}

// reserve reports whether there is room for the body of a request.
func (b *bodies) reserve(h *fasthttp.RequestHeader, size int64) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.now()
	for other, body := range b.large { // there are few: each takes memory
		if other == h || !now.Before(body.until) {
			b.taken -= body.bytes
			delete(b.large, other)
		}
	}
	fits := b.taken+size <= b.most
	if !fits {
		size = 0
	}
	b.taken += size
	b.large[h] = largeBody{size, now.Add(largeBodyTime)}
	return fits
}

// release ends what was reserved for a request, if anything, and reports whether there had been no room for it.
func (b *bodies) release(h *fasthttp.RequestHeader) (refused bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	body, ok := b.large[h]
	b.taken -= body.bytes
	delete(b.large, h)
	return ok && body.bytes == 0
}

// bodyLimit is called when the headers of a request have come, before its body is read.
func (s *Server) bodyLimit(h *fasthttp.RequestHeader) fasthttp.RequestConfig {
	switch path := pathOf(h); {
	case path == "/v1/answers":
		return fasthttp.RequestConfig{MaxRequestBodySize: answerBytesMax}
	case largest(path) > 0:
		if most := largest(path); s.mayUpload(h, most) {
			return fasthttp.RequestConfig{MaxRequestBodySize: most, ReadTimeout: 2 * readTime}
		}
	}
	return fasthttp.RequestConfig{MaxRequestBodySize: jsonBytesMax}
}

// mayUpload reports whether a body of so many bytes at most may come with a request: it must look as if it had an API key, and
// there must be memory for it.
func (s *Server) mayUpload(h *fasthttp.RequestHeader, most int) bool {
	if !h.IsPost() && !h.IsPut() || !hasKey(h) && !(isPieceUpload(pathOf(h)) && hasToken(h)) {
		return false
	}
	size := h.ContentLength()
	if size < 0 { // it comes in chunks
		size = most
	}
	return size <= jsonBytesMax || size > most || s.bodies.reserve(h, int64(size)) // one that is too large is not read
}

// unread says why a body was refused before it was read.
func (s *Server) unread(h *fasthttp.RequestHeader, err error) error {
	refused := s.bodies.release(h) // first of all: the rest of h may be empty by now
	switch {
	case !errors.Is(err, errBodyTooLarge) || largest(pathOf(h)) == 0:
		return err
	case refused:
		return &limited{errBusy, busyWait}
	case !hasKey(h) && !hasToken(h):
		return errNoBearer
	}
	return err
}

// largest is how large a body may be that comes to a path with an API key; 0 where none may be larger than elsewhere.
func largest(path string) int {
	switch {
	case path == uploadPath, isImportUpload(path):
		return mediaBytesMax
	case path == artefactsPath:
		return manifestBytesMax
	case isPieceUpload(path):
		return compute.PieceSize
	}
	return 0
}

func pathOf(h *fasthttp.RequestHeader) string {
	path, _, _ := strings.Cut(string(h.RequestURI()), "?")
	return path
}

// keySize is the length of an API key.
const keySize = len("tn_") + 52

// hasKey reports whether a request's authorization has the form of an API key.
func hasKey(h *fasthttp.RequestHeader) bool {
	scheme, key, _ := bytes.Cut(h.Peek(fasthttp.HeaderAuthorization), []byte(" "))
	return bytes.EqualFold(scheme, []byte("Bearer")) && len(key) == keySize && bytes.HasPrefix(key, []byte("tn_"))
}

// hasToken reports whether a request's authorization has the form of a respondent's token, which nodes send pieces with.
func hasToken(h *fasthttp.RequestHeader) bool {
	scheme, token, _ := bytes.Cut(h.Peek(fasthttp.HeaderAuthorization), []byte(" "))
	return bytes.EqualFold(scheme, []byte("Bearer")) && len(token) > keySize && bytes.HasPrefix(token, []byte(tokenPrefix))
}
