package merkle

// Keccak returns the Keccak-256 hash of words one after the other: of abi.encode of values that take a word each.
func Keccak(words ...[32]byte) [32]byte {
	h := newHasher()
	all := make([]byte, 0, 32*len(words))
	for _, w := range words {
		all = append(all, w[:]...)
	}
	return h.sum(all)
}
