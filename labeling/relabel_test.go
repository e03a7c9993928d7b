package labeling_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
)

// TestRelabeledByMajority has people of whom nothing is known, so that the majority is the method. Two who agree are not
// certain, the soft label says the same as the confidence, and more answers say more.
func TestRelabeledByMajority(t *testing.T) {
	question := &polls.Question{Type: polls.Choice, Choices: []string{"a", "b", "c"}}
	all := labeling.NewRelabeling(question)
	answers := func(i int) []int {
		switch i % 10 {
		case 0, 1:
			return []int{2, 1}
		case 2:
			return []int{1, 1, 1}
		}
		return []int{1, 1}
	}
	tasks := make([]*labeling.ClosedTask, 100)
	for i := range tasks {
		task := &labeling.ClosedTask{Task: labeling.Task{Key: fmt.Sprintf("%03d", i)}, Question: question}
		tasks[i] = task
		for j, choice := range answers(i) {
			task.Answers = append(task.Answers, polls.Answer{Respondent: polls.RespondentID(fmt.Sprintf("rsp_%d_%d", i, j)), Choice: choice})
		}
		if err := all.Add(task); err != nil {
			t.Fatal(err)
		}
	}
	method, reason, err := all.Fit(t.Context())
	if err != nil || method != "majority" {
		t.Fatalf("%s, %s, %v", method, reason, err)
	}
	sure := func(task int) int {
		l, err := all.Label(tasks[task])
		sum := 0
		for _, share := range l.Soft {
			sum += share
		}
		if err != nil || l.Method != "majority" || l.Choice != 1 || sum != 1_000_000 || l.Confidence != l.Soft[l.Choice] || l.Confidence < slices.Max(l.Soft)-1 {
			t.Errorf("task %d: %+v", task, l)
		}
		return l.Confidence
	}
	if split, two, three := sure(0), sure(3), sure(2); split >= 500_000 || two < 900_000 || two >= three || three >= 1_000_000 {
		t.Errorf("two who differ are right with %d parts per million, two who agree with %d, three with %d", split, two, three)
	}
}
