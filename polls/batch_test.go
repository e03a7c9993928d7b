package polls_test

import (
	"errors"
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet/polls"
)

// counter is a Stopper that stops at a number of answers.
type counter int

func (c counter) Step(q *polls.Question, state polls.State, _ polls.Vote) (polls.State, polls.Decision, error) {
	n := 0
	if state != nil {
		n, _ = strconv.Atoi(string(state))
	}
	n++
	return polls.State(strconv.Itoa(n)), polls.Decision{Stop: n == int(c), Wanted: int(c) - n}, nil
}

func TestResolve(t *testing.T) {
	q := &polls.Question{ID: "q_1", Hash: "hash", Choices: []string{"a", "b"}, Deadline: now.Add(time.Hour)}
	expired := &polls.Question{ID: "q_2", Hash: "hash", Choices: []string{"a", "b"}, Deadline: now}
	answer := func(n int, choice int) polls.Answer {
		return polls.Answer{Question: "q_1", Assignment: polls.AssignmentID(fmt.Sprint("asg_", n)), Respondent: polls.RespondentID(fmt.Sprint("rsp_", n)), Choice: choice}
	}
	leased := func(n int, q polls.QuestionID, s polls.AssignmentStatus) *polls.Assignment {
		return &polls.Assignment{ID: polls.AssignmentID(fmt.Sprint("asg_", n)), Question: q, Respondent: polls.RespondentID(fmt.Sprint("rsp_", n)), Status: s}
	}
	earlier := answer(4, 1)
	earlier.ID = "ans_earlier"
	stranger := answer(5, 0)
	stranger.Respondent = "rsp_6"
	elsewhere := answer(7, 0)
	late := answer(8, 0)
	late.Question = "q_2"
	cases := []struct {
		name   string
		answer polls.Answer
		q      *polls.Question
		err    error
		before polls.AnswerID
	}{
		{"the first", answer(1, 1), q, nil, ""},
		{"the same again", answer(1, 1), q, nil, "first"},
		{"changed", answer(1, 0), q, polls.ErrAnswered, ""},
		{"no lease", answer(2, 0), q, polls.ErrNoAssignment, ""},
		{"skipped", answer(3, 0), q, polls.ErrSkipped, ""},
		{"resent from an earlier commit", earlier, q, nil, "ans_earlier"},
		{"somebody else's lease", stranger, q, polls.ErrNotYours, ""},
		{"a lease on another question", elsewhere, q, polls.ErrWrongQuestion, ""},
		{"past the deadline", late, expired, polls.ErrClosed, ""},
		{"of a device that ended since it was sent", answer(11, 0), q, polls.ErrDeviceEnded, ""},
		{"the last needed", answer(9, 0), q, nil, ""},
		{"one too many", answer(10, 0), q, polls.ErrClosed, ""},
	}
	b := &polls.Batch{
		Instance: instance, At: now,
		Assignments: map[polls.AssignmentID]*polls.Assignment{
			"asg_1": leased(1, "q_1", polls.Leased), "asg_3": leased(3, "q_1", polls.Skipped), "asg_4": leased(4, "q_1", polls.Answered),
			"asg_5": leased(5, "q_1", polls.Leased), "asg_7": leased(7, "q_2", polls.Leased), "asg_8": leased(8, "q_2", polls.Leased),
			"asg_9": leased(9, "q_1", polls.Leased), "asg_10": leased(10, "q_1", polls.Leased), "asg_11": leased(11, "q_1", polls.Leased),
		},
		Progress: map[polls.QuestionID]*polls.Progress{
			"q_1": {Status: polls.Open, Answers: 1, Counts: []int{0, 1}, State: polls.State("1")},
			"q_2": {Status: polls.Open, Counts: []int{0, 0}},
		},
		Previous: map[polls.AssignmentID]*polls.Answer{"asg_4": &earlier},
	}
	for _, c := range cases {
		until := now.Add(time.Minute)
		if errors.Is(c.err, polls.ErrDeviceEnded) {
			until = now
		}
		b.Submissions = append(b.Submissions, &polls.Submission{Answer: c.answer, Question: c.q, Until: until})
	}
	b.Resolve(counter(3))

	for i, c := range cases {
		s := b.Submissions[i]
		if !errors.Is(s.Err, c.err) || (c.err == nil && s.Err != nil) {
			t.Errorf("%s: %v, want %v", c.name, s.Err, c.err)
		}
		var before polls.AnswerID
		if s.Before != nil {
			before = s.Before.ID
		}
		if want := c.before; want == "first" {
			if before != b.Submissions[0].Answer.ID {
				t.Errorf("%s: recorded before as %q", c.name, before)
			}
		} else if before != want {
			t.Errorf("%s: recorded before as %q, want %q", c.name, before, want)
		}
	}
	if len(b.Accepted) != 2 || len(b.Commit.Leaves) != 2 || b.Accepted[1].Answer.Index != 1 || b.Commit.Leaves[1] != b.Accepted[1].Answer.RecordHash(instance, "hash") {
		t.Fatalf("accepted %d with %d leaves", len(b.Accepted), len(b.Commit.Leaves))
	}
	want := polls.Progress{Status: polls.Closing, Answers: 3, Counts: []int{1, 2}, State: polls.State("3")}
	if len(b.Touched) != 1 || cmp.Diff(want, b.Touched[0].Progress) != "" {
		t.Fatalf("touched %d questions: %s", len(b.Touched), cmp.Diff(want, b.Touched[0].Progress))
	}
}
