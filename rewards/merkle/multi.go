package merkle

// MultiOf returns one proof for the leaves of some numbers, which rise. It panics when there are none, or one is not in
// the tree. Leaves side by side need far fewer hashes than as many that are scattered.
func (t *Tree) MultiOf(numbers []int) MultiProof {
	queue := make([]int, 0, 2*len(numbers))
	for i, n := range numbers {
		if i > 0 && n <= numbers[i-1] {
			panic("merkle: leaves out of order")
		}
		queue = append(queue, t.place(n))
	}
	if len(queue) == 0 {
		panic("merkle: MultiOf no leaves")
	}
	p := MultiProof{Proof: [][32]byte{}, Flags: []bool{}}
	// Places fall along the queue, parents included, so a sibling that is proved too is always the next in it.
	for head := 0; queue[head] > 0; head++ {
		at := queue[head]
		known := head+1 < len(queue) && queue[head+1] == sibling(at)
		if known {
			head++
		} else {
			p.Proof = append(p.Proof, t.nodes[sibling(at)])
		}
		p.Flags = append(p.Flags, known)
		queue = append(queue, parent(at))
	}
	return p
}

// LeavesOf returns the leaves of some numbers: those that MultiOf proves, in its order.
func (t *Tree) LeavesOf(numbers []int) []Leaf {
	leaves := make([]Leaf, len(numbers))
	for i, n := range numbers {
		leaves[i] = t.leaves[n]
	}
	return leaves
}
