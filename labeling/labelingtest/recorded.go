package labelingtest

import (
	"encoding/csv"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/tasknet/tasknet/labeling/aggregate"
)

// Recorded reads a set of recorded answers of real people and the truth: the class of each task, or NoVerdict where it is
// not known, or nobody answered with it. Without TASKNET_TEST_DATA the test is skipped.
func Recorded(t testing.TB, set string) (aggregate.Columns, []int32) {
	t.Helper()
	folder := os.Getenv("TASKNET_TEST_DATA")
	if folder == "" {
		t.Skip("TASKNET_TEST_DATA does not name the folder with the recorded answers")
	}
	read := func(file string) [][]string {
		f, err := os.Open(filepath.Join(folder, "crowd", set, file))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		rows, err := csv.NewReader(f).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		return rows[1:]
	}
	answers := read("answers.csv")
	number := func(column int) map[string]int32 {
		seen := make(map[string]int32)
		for _, row := range answers {
			seen[row[column]] = 0
		}
		for i, name := range slices.Sorted(maps.Keys(seen)) {
			seen[name] = int32(i)
		}
		return seen
	}
	tasks, workers, classes := number(0), number(1), number(2)
	c := aggregate.Columns{Tasks: len(tasks), Workers: len(workers), Classes: len(classes)}
	for _, row := range answers {
		c.Task, c.Worker, c.Class = append(c.Task, tasks[row[0]]), append(c.Worker, workers[row[1]]), append(c.Class, classes[row[2]])
	}
	truth := slices.Repeat([]int32{aggregate.NoVerdict}, c.Tasks)
	for _, row := range read("truth.csv") {
		task, answered := tasks[row[0]]
		if class, chosen := classes[row[1]]; answered && chosen {
			truth[task] = class
		}
	}
	return c, truth
}
