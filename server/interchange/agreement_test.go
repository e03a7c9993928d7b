package interchange_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/labeling/aggregate"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/interchange"
)

// The card has the figures of agreement that package aggregate computes of all answers at once.
func TestCardAgreement(t *testing.T) {
	s := samples(t)["choice"]
	s.rows = nil
	random := rand.New(rand.NewPCG(1, 2))
	var task, worker, class []int32
	const tasks, workers = 200, 12
	for i := range tasks {
		row := &labeling.Labeled{Key: fmt.Sprint(i), Text: "x", Choice: random.IntN(3), Soft: []int{1, 1, 1}}
		for w := range workers {
			choice := polls.CannotTell
			switch random.IntN(4) {
			case 0:
				continue
			case 1:
				choice = random.IntN(3)
			case 2:
				choice = row.Choice
			}
			row.Answers = append(row.Answers, labeling.LabeledAnswer{Worker: fmt.Sprint(w), Choice: choice})
			task, worker, class = append(task, int32(i)), append(worker, int32(w)), append(class, int32(choice))
		}
		s.rows = append(s.rows, row)
	}
	votes, err := aggregate.NewVotes(aggregate.Columns{Task: task, Worker: worker, Class: class, Tasks: tasks, Workers: workers, Classes: 3})
	if err != nil {
		t.Fatal(err)
	}
	want := aggregate.Agree(votes)
	folder := t.TempDir()
	if err := interchange.Export(t.Context(), interchange.OutputFolder(folder), interchange.Parquet, nil, s.about, s.labeled()); err != nil {
		t.Fatal(err)
	}
	card, err := os.ReadFile(filepath.Join(folder, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{
		fmt.Sprintf("    percent: %.4f\n    krippendorff_alpha: %.4f\n", want.Percent, want.Nominal),
		fmt.Sprintf("| Krippendorff's alpha | %.4f |", want.Nominal),
	} {
		if !strings.Contains(string(card), line) {
			t.Errorf("the card does not say %q:\n%s", line, card)
		}
	}
}

// Options that a dataset does not say are the widest.
func TestExportsWithoutOptions(t *testing.T) {
	for _, name := range []string{"multiple", "number", "text"} {
		s := samples(t)[name]
		s.about.Options = polls.Options{}
		for _, f := range []interchange.Format{interchange.JSONL, interchange.LabelStudio, interchange.Parquet} {
			if err := interchange.Export(t.Context(), interchange.OutputFolder(t.TempDir()), f, s.open, s.about, s.labeled()); err != nil {
				t.Errorf("%s as %s: %v", name, f, err)
			}
		}
	}
}
