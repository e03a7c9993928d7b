package api

import (
	"context"
	"net/http"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/wire"
)

type takeInput struct {
	Body *wire.TakeAssignments
}

type skipInput struct {
	ID   string `path:"id" doc:"The assignment's id"`
	Body *wire.Skip
}

func (s *Server) assignmentRoutes() {
	take := op(http.MethodPost, "/v1/assignments", tagAnswer, "take-assignments", "Take questions to answer")
	take.Description = "Leases that are held already come first. When there is nothing to answer now, the list is empty."
	forRespondent(s, take, s.takeAssignments)
	forRespondent(s, op(http.MethodPost, "/v1/assignments/{id}/skip", tagAnswer, "skip-assignment", "Give a question back for good"), s.skipAssignment)
}

func (s *Server) takeAssignments(ctx context.Context, who respondent, in *takeInput) (*of[wire.Assignments], error) {
	var body wire.TakeAssignments
	if in.Body != nil {
		body = *in.Body
	}
	if body.Question != "" {
		if err := tasknet.CheckID(polls.QuestionPrefix, body.Question); err != nil {
			return nil, err
		}
	}
	taste, err := polls.NewTaste(body.Reads, body.Avoids, body.Likes)
	if err != nil {
		return nil, err
	}
	leases, err := s.Polls.Assign(ctx, who.id, taste, max(body.Count, 1), polls.QuestionID(body.Question))
	if err != nil {
		return nil, err
	}
	out := wire.Assignments{Assignments: make([]wire.Assignment, len(leases))}
	for i, l := range leases {
		asked := askedQuestion(l.Question, l.AskedBy)
		asked.Warnings = l.Content.Warnings()
		out.Assignments[i] = wire.Assignment{ID: string(l.Assignment.ID), Expires: wire.At(l.Assignment.ExpiresAt), Question: asked}
	}
	return &of[wire.Assignments]{out}, nil
}

func (s *Server) skipAssignment(ctx context.Context, who respondent, in *skipInput) (*empty, error) {
	if err := tasknet.CheckID(polls.AssignmentPrefix, in.ID); err != nil {
		return nil, err
	}
	reason := ""
	if in.Body != nil {
		reason = in.Body.Reason
	}
	return nil, s.Polls.Skip(ctx, who.id, polls.AssignmentID(in.ID), reason)
}

// askedQuestion writes a question as a respondent sees it: all that its hash covers, and nothing of what others said: not
// even how many answered, which tells that they disagree when enough did for any that agree.
func askedQuestion(q *polls.Question, askedBy string) wire.AskedQuestion {
	return wire.AskedQuestion{
		ID: string(q.ID), Hash: q.Hash, Salt: q.Salt, Type: string(q.Type), Text: q.Text, Choices: listOf(q.Choices), Image: imageOf(q.Image),
		Extras: extrasOf(q), Quorum: quorumOf(q.Policy), Price: q.Price, Fee: q.Fee, Deadline: wire.At(q.Deadline), Snapshot: q.Snapshot, AskedBy: askedBy,
		Sample: q.Sample,
	}
}
