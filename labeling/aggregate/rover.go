package aggregate

// missing is the token of a slot that a text has nothing for.
const missing = -1

// slot is a place in a text: what those aligned so far have there.
type slot struct {
	tokens  []int32 // the first text's first
	weights []float64
}

func (s *slot) vote(token int32, weight float64) {
	for i, have := range s.tokens {
		if have == token {
			s.weights[i] += weight
			return
		}
	}
	s.tokens, s.weights = append(s.tokens, token), append(s.weights, weight)
}

// cost is 0 if a text before had the token here, else 1.
func (s *slot) cost(token int32) int32 {
	for _, have := range s.tokens {
		if have == token {
			return 0
		}
	}
	return 1
}

// network is texts that were aligned, one after the other.
type network struct {
	slots []slot
	votes float64
}

// moves of an alignment.
const (
	both    = byte(iota) // a slot and a token
	skipped              // a slot alone
	added                // a token alone
)

// align adds a text to the network by the cheapest alignment: it costs 1 to put a token where no text before had it, to
// skip a slot, and to add one. To skip costs the same where others did: were it free, texts would slip along the network
// and more words come out wrong. O(slots len(tokens)).
func (n *network) align(tokens []int32, weight float64) {
	width := len(tokens) + 1
	moves := make([]byte, (len(n.slots)+1)*width)
	above, row := make([]int32, width), make([]int32, width)
	for j := 1; j < width; j++ {
		row[j], moves[j] = int32(j), added
	}
	for i := range n.slots {
		above, row = row, above
		row[0], moves[(i+1)*width] = above[0]+1, skipped
		for j := 1; j < width; j++ {
			best, move := above[j-1]+n.slots[i].cost(tokens[j-1]), both
			if c := above[j] + 1; c < best {
				best, move = c, skipped
			}
			if c := row[j-1] + 1; c < best {
				best, move = c, added
			}
			row[j], moves[(i+1)*width+j] = best, move
		}
	}
	var backwards []slot
	for i, j := len(n.slots), len(tokens); i > 0 || j > 0; {
		switch moves[i*width+j] {
		case both:
			i, j = i-1, j-1
			n.slots[i].vote(tokens[j], weight)
			backwards = append(backwards, n.slots[i])
		case skipped:
			i--
			n.slots[i].vote(missing, weight)
			backwards = append(backwards, n.slots[i])
		case added:
			j--
			s := slot{}
			if n.votes > 0 {
				s.vote(missing, n.votes)
			}
			s.vote(tokens[j], weight)
			backwards = append(backwards, s)
		}
	}
	n.slots = n.slots[:0:0]
	for i := len(backwards) - 1; i >= 0; i-- {
		n.slots = append(n.slots, backwards[i])
	}
	n.votes += weight
}

// decide returns the heaviest token of each slot, the first of several, and its share of the weight, leaving out slots
// where most have nothing.
func (n *network) decide() (tokens []int32, shares []float64) {
	for i := range n.slots {
		s := &n.slots[i]
		best := 0
		for k, w := range s.weights {
			if w > s.weights[best] {
				best = k
			}
		}
		if s.tokens[best] != missing {
			tokens, shares = append(tokens, s.tokens[best]), append(shares, s.weights[best]/n.votes)
		}
	}
	return tokens, shares
}
