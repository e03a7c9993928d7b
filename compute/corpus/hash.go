package corpus

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
)

// hashing hashes what is read.
type hashing struct {
	in  io.Reader
	all hash.Hash
}

func newHash(in io.Reader) *hashing { return &hashing{in, sha256.New()} }

func (h *hashing) Read(to []byte) (int, error) {
	n, err := h.in.Read(to)
	h.all.Write(to[:n])
	return n, err
}

func (h *hashing) sum() string { return hex.EncodeToString(h.all.Sum(nil)) }
