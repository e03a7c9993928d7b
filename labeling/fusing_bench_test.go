package labeling_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
)

// BenchmarkDecide times the verdict on the largest questions that may be asked, with as many and as large answers as may
// come, in forms that are hard: it is made while nothing else can be written.
func BenchmarkDecide(b *testing.B) {
	const side = 4000
	rng := rand.New(rand.NewPCG(1, 2))
	each := func(box func(i int) polls.Box) func() any {
		return func() any {
			boxes := make([]polls.Box, polls.RegionsMax)
			for i := range boxes {
				boxes[i] = box(i)
			}
			rng.Shuffle(len(boxes), func(i, j int) { boxes[i], boxes[j] = boxes[j], boxes[i] })
			return boxes
		}
	}
	jitter := func() int { return rng.IntN(9) }
	text := func() any {
		letters := make([]byte, polls.LengthMax)
		for i := range letters {
			letters[i] = byte('a' + rng.IntN(26))
		}
		return string(letters)
	}
	for _, c := range []struct {
		name   string
		of     polls.Type
		answer func() any
	}{
		{"boxes of 200 things", polls.Boxes, each(func(i int) polls.Box {
			return polls.Box{X: i%20*190 + jitter(), Y: i/20*380 + jitter(), W: 150 + jitter(), H: 300 + jitter()}
		})},
		{"boxes that are all alike", polls.Boxes, each(func(int) polls.Box {
			return polls.Box{X: 100 + jitter(), Y: 100 + jitter(), W: 300 + jitter(), H: 300 + jitter()}
		})},
		{"boxes of lines of text", polls.Boxes, each(func(i int) polls.Box {
			return polls.Box{X: 100 + jitter(), Y: i*19 + jitter(), W: 3000 + jitter(), H: 17 + jitter()}
		})},
		{"boxes anywhere", polls.Boxes, each(func(int) polls.Box {
			return polls.Box{X: rng.IntN(side / 2), Y: rng.IntN(side / 2), W: 1 + rng.IntN(side/2), H: 1 + rng.IntN(side/2)}
		})},
		{"long texts", polls.Text, text},
		{"masks of many runs", polls.Mask, func() any {
			const runs = 16_000
			counts, left := make([]int, 0, runs+1), side*side
			for range runs {
				counts = append(counts, 1+rng.IntN(900))
				left -= counts[len(counts)-1]
			}
			return []polls.ClassMask{{Counts: append(counts, left)}}
		}},
		{"many spans", polls.Spans, func() any {
			spans := make([]polls.Span, polls.SpansMax)
			for i := range spans {
				spans[i] = polls.Span{Start: i*20 + rng.IntN(5), End: i*20 + 6 + rng.IntN(5)}
			}
			return spans
		}},
	} {
		b.Run(strings.ReplaceAll(c.name, " ", "-"), func(b *testing.B) {
			q := polls.Question{
				Type: c.of, Choices: []string{"a"}, Passage: strings.Repeat("x", polls.PassageLengthMax), Options: polls.Options{Length: polls.LengthMax},
				Image: &polls.Image{Width: side, Height: side}, Policy: polls.Policy{Kind: polls.Fixed, Min: polls.ValuesMax, Max: polls.ValuesMax}, Price: tasknet.Micro(1),
			}
			votes := make([]polls.Vote, polls.ValuesMax)
			for i := range votes {
				v, err := polls.ValueOf(c.answer())
				if err != nil {
					b.Fatal(err)
				}
				votes[i] = polls.Vote{Respondent: polls.RespondentID(fmt.Sprint("rsp_", i)), Value: v}
			}
			for b.Loop() {
				if _, err := labeling.Decide(&q, votes, nil, labeling.Quorum, now); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
