package interchange

import (
	"encoding/json"
	"errors"

	"github.com/tasknet/tasknet/polls"
)

var errRuns = errors.New("the mask's run lengths are not those of an image of its size")

// cocoRuns are the run lengths of a mask, as an array or packed into a text. The text has the difference of each length
// to that before the last (the first three as they are) in pieces of five bits, the lowest first, each with a sixth bit
// that says whether more follow, as characters from 48 on: as pycocotools writes them.
type cocoRuns []int

func (c *cocoRuns) UnmarshalJSON(text []byte) error {
	if len(text) == 0 || text[0] != '"' {
		return json.Unmarshal(text, (*[]int)(c))
	}
	var packed string
	if err := json.Unmarshal(text, &packed); err != nil {
		return err
	}
	var counts []int
	for i := 0; i < len(packed); {
		n, shift := 0, 0
		for more := true; more; {
			if i == len(packed) || packed[i] < 48 || packed[i] > 48+63 || shift > 50 {
				return errRuns
			}
			piece := int(packed[i]) - 48
			n |= piece & 0x1f << shift
			more = piece&0x20 != 0
			shift += 5
			i++
			if !more && piece&0x10 != 0 {
				n |= -1 << shift
			}
		}
		if len(counts) > 2 {
			n += counts[len(counts)-2]
		}
		counts = append(counts, n)
	}
	*c = counts
	return nil
}

func (c cocoRuns) packed() string {
	var out []byte
	for i, n := range c {
		if i > 2 {
			n -= c[i-2]
		}
		for more := true; more; {
			piece := n & 0x1f
			n >>= 5
			if piece&0x10 != 0 {
				more = n != -1
			} else {
				more = n != 0
			}
			if more {
				piece |= 0x20
			}
			out = append(out, byte(piece+48))
		}
	}
	return string(out)
}

// bitmap checks that the runs are those of an image.
func (c cocoRuns) bitmap(width, height int) (*bitmap, error) {
	left := width * height
	for _, n := range c {
		if n < 0 || n > left {
			return nil, errRuns
		}
		left -= n
	}
	if left != 0 {
		return nil, errRuns
	}
	return ofCounts(c, width, height), nil
}

// cocoMask is a mask in an annotation that is written.
type cocoMask struct {
	Size   [2]int `json:"size"` // height and width
	Counts string `json:"counts"`
}

// area returns how many pixels a mask has, and the box around them.
func area(m polls.ClassMask, width, height int) (pixels int, box [4]int) {
	left, top, right, bottom := width, height, 0, 0
	at := 0
	for i, n := range m.Counts {
		if i%2 == 1 && n > 0 {
			pixels += n
			first, last := at, at+n-1
			left, right = min(left, first/height), max(right, last/height+1)
			if first/height == last/height {
				top, bottom = min(top, first%height), max(bottom, last%height+1)
			} else {
				top, bottom = 0, height
			}
		}
		at += n
	}
	if pixels == 0 {
		return 0, [4]int{}
	}
	return pixels, [4]int{left, top, right - left, bottom - top}
}
