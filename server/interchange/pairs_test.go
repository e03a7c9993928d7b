package interchange_test

import (
	"bytes"
	"errors"
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

func FuzzReadPairs(f *testing.F) {
	f.Add([]byte("worker,left,right,label\nann,b,a,a\nbob,c,a,tie\ncy,a,b,?\nann,a,a,a\n"), "a.csv")
	f.Add([]byte("label\tright\tleft\tworker\nleft\ta\tb\tann\n"), "a.tsv")
	f.Add([]byte(`{"worker":"w","left":"a","right":7,"answer":"right"}`), "a.jsonl")
	f.Fuzz(func(t *testing.T, file []byte, name string) {
		p, err := interchange.ReadPairs(t.Context(), interchange.File{Reader: bytes.NewReader(file), Name: name}, "?")
		if err != nil {
			if !errors.Is(err, interchange.ErrBadFile) {
				t.Fatal(err)
			}
			return
		}
		// Every row is a comparison, or it would be refused.
		pairs := aggregate.Pairs{ItemCount: p.Items.Len(), WorkerCount: p.Workers.Len(), Left: p.Left, Right: p.Right, Workers: p.Worker, Outcomes: p.Outcome}
		if _, err := aggregate.PairsBradleyTerry(t.Context(), pairs, nil); err != nil {
			t.Fatal(err)
		}
	})
}
