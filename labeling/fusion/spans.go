package fusion

import (
	"context"

	"github.com/tasknet/tasknet/labeling/aggregate"
	"github.com/tasknet/tasknet/polls"
)

// Spans fuses spans by aggregate.SpansFuse. values are per row; those of who could not tell are ignored. All spans that are
// found were voted in.
func Spans(ctx context.Context, rows aggregate.Rows, values [][]polls.Span, progress aggregate.Progress) (*Regions[polls.Span], error) {
	s := aggregate.Spans{Rows: rows, Start: []int32{0}, Lengths: make([]int32, rows.TaskCount)}
	for i, spans := range values {
		for _, x := range spans {
			s.Begins, s.Ends, s.Classes = append(s.Begins, int32(x.Start)), append(s.Ends, int32(x.End)), append(s.Classes, int32(x.Class))
			s.ClassCount = max(s.ClassCount, x.Class+1)
			t := rows.Tasks[i]
			s.Lengths[t] = max(s.Lengths[t], int32(x.End)) // what is after the last mark, nobody marked
		}
		s.Start = append(s.Start, int32(len(s.Begins)))
	}
	r, err := aggregate.SpansFuse(ctx, s, progress)
	if err != nil {
		return nil, err
	}
	of := byTask(rows.TaskCount, r.Spans, func(s aggregate.Span) int32 { return s.Task })
	return &Regions[polls.Span]{r.Agreement, r.Skills, nil, r.Convergence, func(task int) []Found[polls.Span] {
		all := []Found[polls.Span]{}
		for _, s := range of(task) {
			all = append(all, Found[polls.Span]{polls.Span{Class: int(s.Class), Start: int(s.Begin), End: int(s.End)}, s.Confidence})
		}
		return all
	}, 0}, nil
}
