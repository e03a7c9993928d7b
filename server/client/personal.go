package client

import (
	"context"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/wire"
)

// Taste is what a person says of themselves with a request for questions. The server does not keep it.
type Taste struct {
	Reads  []string `json:"reads,omitempty"`  // languages, as BCP 47 tags: nothing of projects in others; none stands for any
	Avoids []string `json:"avoids,omitempty"` // warnings, topics and types of questions: nothing that has one of them
	Likes  []string `json:"likes,omitempty"`  // topics: questions about these come first
}

// Check reports what the server would refuse of it: a name that there is not, or one twice.
func (t Taste) Check() error {
	_, err := polls.NewTaste(t.Reads, t.Avoids, t.Likes)
	return err
}

// AssignmentsFor is Assignments by a taste.
func (r *Respondent) AssignmentsFor(ctx context.Context, count int, taste Taste) ([]wire.Assignment, error) {
	return r.take(ctx, wire.TakeAssignments{Count: count, Reads: taste.Reads, Avoids: taste.Avoids, Likes: taste.Likes})
}

// MeFor is Me with what is available to somebody of a taste.
func (r *Respondent) MeFor(ctx context.Context, taste Taste) (wire.Me, error) {
	query := url.Values{}
	for name, list := range map[string][]string{"reads": taste.Reads, "avoids": taste.Avoids} {
		if len(list) > 0 {
			query.Set(name, strings.Join(list, ","))
		}
	}
	return fetch[wire.Me](ctx, r, call{method: http.MethodGet, path: []string{"me"}, query: query})
}

// Push returns where and for what the respondent is woken.
func (r *Respondent) Push(ctx context.Context) (wire.Push, error) {
	return fetch[wire.Push](ctx, r, call{method: http.MethodGet, path: []string{"me", "push"}})
}

// SetWishes says for what and when the respondent wants to be woken, and returns it as the server keeps it.
func (r *Respondent) SetWishes(ctx context.Context, wishes wire.Wishes) (wire.Wishes, error) {
	return fetch[wire.Wishes](ctx, r, call{method: http.MethodPut, path: []string{"me", "push", "wishes"}, body: wishes})
}

// Erase has what can be erased of a respondent erased, who is the one of this client's wallet. It needs no device that is
// registered. Again it changes nothing.
func (r *Respondent) Erase(ctx context.Context, respondent string) (wire.Erased, error) {
	e := polls.Erasure{Respondent: polls.RespondentID(respondent), Wallet: r.keys.WalletAddress(), At: r.client.cfg.Now().Truncate(time.Second)}
	signature := e.Sign(r.domain, r.keys.Wallet)
	var out wire.Erased
	err := r.client.do(ctx, call{
		method: http.MethodPost, path: []string{"respondents", respondent, "erasure"},
		body: wire.Erase{At: e.At.Unix(), Signature: hex.EncodeToString(signature[:])},
	}, &out)
	return out, err
}
