package aggregate

// EditDistance returns how many tokens have to be put in, left out or changed to make b of a, by the bit-vectors of
// Myers, JACM 46 (1999), in blocks of 64 as Hyyro laid them out. O(len(a) len(b)/64), and O(len(b)) space for each
// different token of a.
func EditDistance(a, b []int32) int {
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) == 0 {
		return len(b)
	}
	blocks := (len(a) + 63) / 64
	where := make(map[int32][]uint64) // the places of each token in a
	for i, token := range a {
		if where[token] == nil {
			where[token] = make([]uint64, blocks)
		}
		where[token][i/64] |= 1 << (i % 64)
	}
	nowhere := make([]uint64, blocks)
	up, down := make([]uint64, blocks), make([]uint64, blocks) // where the distance grows by one along a, and shrinks
	for i := range up {
		up[i] = ^uint64(0)
	}
	distance, last := len(a), uint64(1)<<((len(a)-1)%64)
	for _, token := range b {
		equal := where[token]
		if equal == nil {
			equal = nowhere
		}
		carryUp, carryDown := uint64(1), uint64(0) // the first row grows by one along b
		for k := range blocks {
			match := equal[k]
			vertical := match | down[k]
			match |= carryDown
			horizontal := (((match & up[k]) + up[k]) ^ up[k]) | match
			grows, shrinks := down[k]|^(horizontal|up[k]), up[k]&horizontal
			if k == blocks-1 {
				if grows&last != 0 {
					distance++
				}
				if shrinks&last != 0 {
					distance--
				}
			}
			nextUp, nextDown := grows>>63, shrinks>>63
			grows, shrinks = grows<<1|carryUp, shrinks<<1|carryDown
			up[k], down[k] = shrinks|^(vertical|grows), grows&vertical
			carryUp, carryDown = nextUp, nextDown
		}
	}
	return distance
}
