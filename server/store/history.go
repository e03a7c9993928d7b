package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
)

// pastLooked is how many closed questions are looked at for such as are like one.
const pastLooked = 2000

// Past implements labeling.HistoryStore.
func (st historyStore) Past(ctx context.Context, l labeling.Like, limit int) (past []labeling.Past, err error) {
	near, args := `SELECT question FROM verdicts ORDER BY seq DESC LIMIT $1`, []any{pastLooked}
	if l.Org != "" {
		near, args = `SELECT question FROM progress WHERE org = $2 AND status = 'closed' ORDER BY closed_at DESC, question DESC LIMIT $1`, []any{pastLooked, l.Org}
	}
	type numbered struct {
		labeling.Past
		seq int64
	}
	var found []numbered
	err = st.read(ctx, func(db querier) error {
		found = nil
		return db.query(ctx, func(r row) error {
			var p numbered
			var kind polls.Type
			var project labeling.ProjectID
			var policy, choices string
			var asked, closed int64
			if err := r.Scan(&p.seq, &p.Question, &kind, &project, &choices, &policy, &p.Policy.Min, &p.Policy.Max, &p.Answers, &p.Reason, &asked, &closed); err != nil {
				return err
			}
			var words []string
			if err := json.Unmarshal([]byte(choices), &words); err != nil {
				return fmt.Errorf("choices of %s: %w", p.Question, err)
			}
			if kind != l.Type || (l.Project != "" && project != l.Project) || len(words) != l.Choices {
				return nil
			}
			var err error
			if p.Policy, err = polls.ParsePolicy(policy, p.Policy.Min, p.Policy.Max); err != nil {
				return fmt.Errorf("policy of %s: %w", p.Question, err)
			}
			p.AskedAt, p.ClosedAt = timeOf(asked), timeOf(closed)
			found = append(found, p)
			return nil
		}, `SELECT v.seq, v.question, q.type, q.project, q.choices, q.policy, q.min, q.max, v.answers, v.reason, q.created_at, v.at
			FROM (`+near+`) near CROSS JOIN verdicts v CROSS JOIN questions q WHERE v.question = near.question AND q.id = near.question`, args...)
	})
	slices.SortFunc(found, func(a, b numbered) int { return cmp.Compare(b.seq, a.seq) })
	for _, p := range found[:min(len(found), limit)] {
		past = append(past, p.Past)
	}
	return past, err
}

// Timings implements labeling.HistoryStore.
func (st historyStore) Timings(ctx context.Context, questions []polls.QuestionID, limit int) (timings []labeling.Timing, err error) {
	ids := make([]string, len(questions))
	for i, id := range questions {
		ids[i] = string(id)
	}
	err = st.read(ctx, func(db querier) error {
		timings = nil
		text, list, err := db.inList("s.question", 1, ids)
		if err != nil {
			return err
		}
		return db.query(ctx, func(r row) error {
			var t labeling.Timing
			var device []byte
			var given, accepted int64
			if err := r.Scan(&t.Respondent, &device, &given, &accepted, &t.ClientMS); err != nil {
				return err
			}
			copy(t.Device[:], device)
			t.Given, t.Accepted = timeOf(given), timeOf(accepted)
			timings = append(timings, t)
			return nil
		}, `SELECT a.respondent, a.device, s.created_at, a.accepted_at, a.client_ms FROM assignments s JOIN answers a ON a.assignment = s.id WHERE `+text+` LIMIT $2`, list, limit)
	})
	return timings, err
}
