package polls_test

import (
	"testing"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
)

func TestParsePolicy(t *testing.T) {
	for _, c := range []struct {
		in          string
		least, most int
		want        polls.Policy
		text        string
	}{
		{"fixed:1", 0, 0, polls.Policy{Kind: polls.Fixed, Min: 1, Max: 1}, "fixed:1"},
		{"fixed:1000", 1000, 1000, polls.Policy{Kind: polls.Fixed, Min: 1000, Max: 1000}, "fixed:1000"},
		{"confidence:0.95", 0, 0, polls.Policy{Kind: polls.Confidence, TargetPPM: 950_000, Min: 2, Max: 10}, "confidence:0.95"},
		{"confidence:0.950", 3, 9, polls.Policy{Kind: polls.Confidence, TargetPPM: 950_000, Min: 3, Max: 9}, "confidence:0.95"},
		{"confidence:0.500001", 1, 1, polls.Policy{Kind: polls.Confidence, TargetPPM: 500_001, Min: 1, Max: 1}, "confidence:0.500001"},
		{"confidence:0.999999", 20, 0, polls.Policy{Kind: polls.Confidence, TargetPPM: 999_999, Min: 20, Max: 20}, "confidence:0.999999"},
		{"confidence:0.9", 0, 1, polls.Policy{Kind: polls.Confidence, TargetPPM: 900_000, Min: 1, Max: 1}, "confidence:0.9"},
		{"confidence:0.90,fixed:2", 0, 0, polls.Policy{Kind: polls.Confidence, TargetPPM: 900_000, Min: 2, Max: 10, Fallback: 2}, "confidence:0.9,fixed:2"},
		{"confidence:0.9,fixed:9", 3, 9, polls.Policy{Kind: polls.Confidence, TargetPPM: 900_000, Min: 3, Max: 9, Fallback: 9}, "confidence:0.9,fixed:9"},
		{"confidence:0.9,model", 0, 0, polls.Policy{Kind: polls.Confidence, TargetPPM: 900_000, Min: 2, Max: 10, Fallback: polls.ByModel}, "confidence:0.9,model"},
	} {
		got, err := polls.ParsePolicy(c.in, c.least, c.most)
		if err != nil || got != c.want || got.String() != c.text {
			t.Errorf("ParsePolicy(%q, %d, %d) = %+v (%s), %v; want %+v (%s)", c.in, c.least, c.most, got, got, err, c.want, c.text)
		}
	}
	for _, c := range []struct {
		in          string
		least, most int
		code        string
	}{
		{"", 0, 0, "bad_policy"},
		{"fixed", 0, 0, "bad_policy"},
		{"fixed:0", 0, 0, "bad_policy"},
		{"fixed:1001", 0, 0, "bad_policy"},
		{"fixed:+3", 0, 0, "bad_policy"},
		{"fixed:03", 0, 0, "bad_policy"},
		{"fixed:3", 2, 0, "bad_policy_range"},
		{"fixed:3", 0, 4, "bad_policy_range"},
		{"confidence:0.5", 0, 0, "bad_policy"},
		{"confidence:1", 0, 0, "bad_policy"},
		{"confidence:0.9999999", 0, 0, "bad_policy"},
		{"confidence:0.-9", 0, 0, "bad_policy"},
		{"confidence:0.+95", 0, 0, "bad_policy"},
		{"confidence:.95", 0, 0, "bad_policy"},
		{"confidence:NaN", 0, 0, "bad_policy"},
		{"confidence:0.9,", 0, 0, "bad_policy"},
		{"confidence:0.9,5", 0, 0, "bad_policy"},
		{"confidence:0.9,fixed:05", 0, 0, "bad_policy"},
		{"confidence:0.9,fixed:5,model", 0, 0, "bad_policy"},
		{"confidence:0.9,Model", 0, 0, "bad_policy"},
		{"fixed:3,model", 0, 0, "bad_policy"},
		{"confidence:0.9,fixed:1", 0, 0, "bad_policy_range"},
		{"confidence:0.9,fixed:0", 0, 0, "bad_policy_range"},
		{"confidence:0.9,fixed:-1", 0, 0, "bad_policy_range"},
		{"confidence:0.9,fixed:11", 0, 0, "bad_policy_range"},
		{"confidence:0.9", 5, 4, "bad_policy_range"},
		{"confidence:0.9", -1, 4, "bad_policy_range"},
		{"confidence:0.9", 1, 1001, "bad_policy_range"},
		{"majority:3", 0, 0, "bad_policy"},
	} {
		if got, err := polls.ParsePolicy(c.in, c.least, c.most); tasknet.Describe(err).Code != c.code {
			t.Errorf("ParsePolicy(%q, %d, %d) = %+v, %v; want %s", c.in, c.least, c.most, got, err, c.code)
		}
	}
}

func TestWithFallback(t *testing.T) {
	for _, c := range []struct {
		in          string
		least, most int
		want        string
	}{
		{"confidence:0.95", 0, 0, "confidence:0.95,fixed:5"},
		{"confidence:0.95", 2, 39, "confidence:0.95,fixed:19"},
		{"confidence:0.95", 4, 5, "confidence:0.95,fixed:4"},
		{"confidence:0.95", 2, 5, "confidence:0.95,fixed:3"},
		{"confidence:0.95", 1, 2, "confidence:0.95,fixed:2"},
		{"confidence:0.95", 1, 1, "confidence:0.95,fixed:1"},
		{"confidence:0.95,fixed:7", 0, 0, "confidence:0.95,fixed:7"},
		{"confidence:0.95,model", 0, 0, "confidence:0.95,model"},
		{"fixed:3", 0, 0, "fixed:3"},
	} {
		p, err := polls.ParsePolicy(c.in, c.least, c.most)
		if err != nil || p.WithFallback().String() != c.want {
			t.Errorf("%q from %d to %d falls back as %s, %v; want %s", c.in, c.least, c.most, p.WithFallback(), err, c.want)
		}
	}
}

func FuzzParsePolicy(f *testing.F) {
	f.Add("fixed:3", 0, 0)
	f.Add("confidence:0.95", 2, 9)
	f.Add("confidence:0.95,fixed:4", 2, 9)
	f.Add("confidence:0.95,model", 2, 9)
	f.Fuzz(func(t *testing.T, s string, least, most int) {
		p, err := polls.ParsePolicy(s, least, most)
		if err != nil {
			return
		}
		again, err := polls.ParsePolicy(p.String(), p.Min, p.Max)
		if err != nil || again != p || p.Min < 1 || p.Max < p.Min || p.Max > polls.AnswersMax {
			t.Fatalf("ParsePolicy(%q, %d, %d) = %+v, read again as %+v, %v", s, least, most, p, again, err)
		}
	})
}
