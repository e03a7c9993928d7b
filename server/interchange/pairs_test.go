package interchange_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet/labeling/aggregate"
	"github.com/tasknet/tasknet/server/interchange"
)

func TestReadPairs(t *testing.T) {
	text := "worker,left,right,label\nann,b,a,a\nann,b,a,left\nbob,c,a,right\nbob,a,c,tie\nbob,c,c,c\nbob,a,c,x\n"
	p, err := interchange.ReadPairs(t.Context(), interchange.File{Reader: strings.NewReader(text)}, "")
	if err != nil {
		t.Fatal(err)
	}
	type pair struct {
		Left, Right, Worker string
		Outcome             aggregate.PairsOutcome
	}
	var got []pair
	for i := range p.Left {
		got = append(got, pair{p.Items.Of(p.Left[i]), p.Items.Of(p.Right[i]), p.Workers.Of(p.Worker[i]), p.Outcome[i]})
	}
	want := []pair{{"b", "a", "ann", aggregate.PairsRight}, {"b", "a", "ann", aggregate.PairsLeft}, {"c", "a", "bob", aggregate.PairsRight}, {"a", "c", "bob", aggregate.PairsTie}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	malformed := interchange.Malformed{Count: 2, First: []interchange.Row{
		{Line: 6, Problem: `item "c" is compared with itself`},
		{Line: 7, Problem: `the answer "x" is neither item, and not left, right or tie`},
	}}
	if diff := cmp.Diff(malformed, p.Malformed); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
