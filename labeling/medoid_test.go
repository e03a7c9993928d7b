package labeling

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/tasknet/tasknet/labeling/aggregate"
	"github.com/tasknet/tasknet/polls"
)

// TestTextsAreFusedAsByThePlainForm compares with all distances from each text to all.
func TestTextsAreFusedAsByThePlainForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOfN(rapid.StringMatching(`[aé🐦]{1,4}`), 1, 9).Draw(t, "texts")
		values := make([]polls.Value, len(texts))
		best, least, longest := 0, -1, 0
		for i, a := range texts {
			values[i], _ = polls.ValueOf(a)
			sum, lengths := 0, 0
			for _, b := range texts {
				sum += aggregate.EditDistance([]rune(a), []rune(b))
				lengths += max(len([]rune(a)), len([]rune(b)))
			}
			if least < 0 || sum < least {
				best, least, longest = i, sum, lengths
			}
		}
		got, agreement, _, err := fuseTexts(nil, values)
		if want := share(longest-least, longest); err != nil || got != texts[best] || agreement != want {
			t.Fatalf("%q: %q, %d, %v; want %q, %d", texts, got, agreement, err, texts[best], want)
		}
	})
}
