package compute

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"math"
	"strings"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
)

// AskID names an ask.
type AskID string

// AskPrefix begins the ids of asks.
const AskPrefix = "ask"

// Ask is one row about which the model of a live job is asked, by somebody who waits for the answer.
type Ask struct {
	ID      AskID
	Job     JobID
	Row     []byte // a line of rows.jsonl, whose key is the ask's id
	AskedAt time.Time
	Due     time.Time // after which nobody waits for it any more

	Lease   LeaseID // that it was given to last, or by which it was answered; empty: nobody has it
	GivenAt time.Time

	Place      int // among those that the lease has answered, from 1; 0 before
	Said       []byte
	Signature  [64]byte
	Key        polls.DeviceKey // of the node
	AnsweredAt time.Time
}

// Live jobs are not split by rows. So many nodes at a time hold a lease with the model loaded, a session each. In a session a node
// answers one ask after the other; its end makes a part of the rows that were answered in it, with a receipt over all that was said,
// which is paid, held back and audited as any other part.
const (
	ServersMax = 16

	SessionRows = 1000             // that a session answers at the most
	SessionTime = time.Minute      // after the first answer of which it ends
	SessionIdle = 10 * time.Minute // without an answer, after which it is somebody else's turn

	AsksMax  = 256              // that wait, of a job
	AskRetry = time.Second      // after which an ask is given to another node as well
	AskTime  = 10 * time.Second // that an ask waits, unless it says otherwise
	AskMost  = 60 * time.Second // likewise, at the most

	askTextMax = 64 << 10
)

// Errors of asks.
var (
	ErrNotLive    = tasknet.NewError(tasknet.Conflict, "job_not_live", "The job is not one that answers single rows; make one with live.")
	ErrJobSpent   = tasknet.NewError(tasknet.Conflict, "job_spent", "The job has answered as many rows as it was made for; make another.")
	ErrAsksFull   = tasknet.NewError(tasknet.Unavailable, "too_many_asks", "As many rows wait for an answer of this job as may; ask again in a moment, or more slowly.")
	ErrNobodyHere = tasknet.NewError(tasknet.Unavailable, "no_node_serves", "No node has the job's model loaded at the moment; ask again when the job says that some serve.")
	ErrAskLate    = tasknet.NewError(tasknet.Unavailable, "answer_late", "No answer came in the time that you gave; it is not paid. Ask again.")
	ErrBadSaid    = tasknet.NewError(tasknet.Invalid, "bad_answer_signature", "The answer is not signed by this node for this ask.")
	ErrNoAnswers  = tasknet.NewError(tasknet.Conflict, "nothing_answered", "Nothing was answered under this lease; give it back instead.")
)

func badRow(message string) error {
	return tasknet.NewError(tasknet.Invalid, "bad_row", message)
}

// AskRow is what a model is asked about.
type AskRow struct {
	Text    string
	Numbers map[string]float64
	Picture []byte // a file that was checked to be a picture
	Media   string // its type, as image/png
}

// NewAsk makes an ask of a row that fits what a model looks at. An error of kind Invalid says what does not.
func NewAsk(j JobID, in Input, r AskRow, now time.Time, patience time.Duration) (*Ask, error) {
	a := &Ask{ID: AskID(tasknet.NewID(AskPrefix, now)), Job: j, AskedAt: now, Due: now.Add(patience)}
	row := struct {
		Key     string             `json:"key"`
		Text    string             `json:"text,omitempty"`
		Image   string             `json:"image,omitempty"`
		Numbers map[string]float64 `json:"numbers,omitempty"`
	}{Key: string(a.ID)}
	switch in.Kind {
	case Image:
		if len(r.Picture) == 0 {
			return nil, badRow("The model looks at pictures; send one.")
		}
		row.Image = "data:" + r.Media + ";base64," + base64.StdEncoding.EncodeToString(r.Picture)
	case Numbers:
		row.Numbers = make(map[string]float64, len(in.Columns))
		for _, column := range in.Columns {
			v, there := r.Numbers[column]
			if !there || math.Abs(v) > math.MaxFloat32 {
				return nil, badRow("The model needs a number of the column " + column + ".")
			}
			row.Numbers[column] = v
		}
	default:
		if row.Text = strings.TrimSpace(r.Text); row.Text == "" || len(row.Text) > askTextMax {
			return nil, badRow("The model reads a text of 1 to 65,536 bytes.")
		}
	}
	if len(r.Picture) > 0 && in.Kind != Image || len(r.Numbers) > len(row.Numbers) || r.Text != "" && row.Text == "" {
		return nil, badRow("The row has more than the model looks at.")
	}
	var err error
	a.Row, err = json.Marshal(row)
	return a, err
}

// AnswerDigest returns tasknet/compute-answer/v1, what a node signs when it answers an ask.
func AnswerDigest(instance string, j JobID, l LeaseID, a AskID, row, said []byte) ([32]byte, error) {
	hash := func(b []byte) string { h := sha256.Sum256(b); return hex.EncodeToString(h[:]) }
	return tasknet.Hash("tasknet/compute-answer/v1", map[string]any{
		"ask": string(a), "instance": instance, "job": string(j), "lease": string(l), "row": hash(row), "said": hash(said),
	})
}

// SignAnswer signs what a node answers.
func SignAnswer(instance string, j JobID, l LeaseID, a AskID, row, said []byte, key ed25519.PrivateKey) (signature [64]byte, err error) {
	digest, err := AnswerDigest(instance, j, l, a, row, said)
	if err == nil {
		copy(signature[:], ed25519.Sign(key, digest[:]))
	}
	return signature, err
}

// CheckAnswer reports whether what a node says of an ask has the form that it must have, and is its word. ErrBadOutput, ErrBadSaid.
func (w *Work) CheckAnswer(instance string, a *Ask, l *Lease, said []byte, signature [64]byte, key polls.DeviceKey) error {
	if bytes.ContainsAny(said, "\r\n") {
		return badOutput("an answer is one line")
	}
	lines := newPredictions(bytes.NewReader(said), w.Model.Classes)
	p, err := lines.next()
	if err != nil {
		return err
	}
	if p == nil || p.Key != string(a.ID) {
		return badOutput("an answer is of another row")
	}
	digest, err := AnswerDigest(instance, a.Job, l.ID, a.ID, a.Row, said)
	if err != nil {
		return err
	}
	if !polls.CheckSignature(key, digest, signature) {
		return ErrBadSaid
	}
	return nil
}

// Transcript is what was asked and answered in a session, as files of lines in the order of the answers.
func Transcript(answered []*Ask) (rows, said []byte) {
	for _, a := range answered {
		rows = append(append(rows, a.Row...), '\n')
		said = append(append(said, a.Said...), '\n')
	}
	return rows, said
}

// ManifestOf is the manifest of an artefact that is at hand.
func ManifestOf(content []byte) *Manifest {
	m := &Manifest{Length: int64(len(content))}
	for at := 0; at < len(content); at += PieceSize {
		m.Pieces = append(m.Pieces, sha256.Sum256(content[at:min(at+PieceSize, len(content))]))
	}
	return m
}

// Ended reports whether a session takes no more asks, and is to be handed in or given back. first is when it answered for the first
// time.
func (l *Lease) Ended(j *Job, answered int, first, now time.Time) bool {
	if answered == 0 {
		return j.State != JobOpen || now.Sub(l.BeganAt) >= min(SessionIdle, j.MaxTime/2)
	}
	return j.State != JobOpen || answered >= SessionRows || j.Finished+answered >= j.Rows || now.Sub(first) >= SessionTime || now.Sub(l.BeganAt) >= j.MaxTime/2
}

// Answered makes a part of the rows that a session has answered, before it is done.
func (j *Job) Answered(p *Part, l *Lease, rows int) {
	p.From, p.To = j.Finished, j.Finished+rows
	l.From, l.To = p.From, p.To
}

// NextSession returns the part that goes on when a session of an open job has ended.
func (j *Job) NextSession() *Part {
	p := &Part{Job: j.ID, Number: j.Parts, State: PartWaiting}
	j.Parts++
	j.Waiting++
	return p
}

// Serving is how a live job is asked.
type Serving struct {
	Nodes   int // that have the model loaded
	Waiting int // asks
	Times   Times
}

// Times counts answers by how long they took, from when the server had the ask until it had the answer: Times[i] are those that
// took less than TimeBound(i), and not less than the one before.
type Times [timeBuckets]int64

// timeBuckets are up to 60 s, each a fifth longer than the one before, from a millisecond.
const timeBuckets = 62

// TimeBound is what all answers of a bucket took less than.
func TimeBound(bucket int) time.Duration {
	return time.Duration(math.Pow(1.2, float64(bucket)) * float64(time.Millisecond))
}

// TimeBucket is the bucket of an answer.
func TimeBucket(took time.Duration) int {
	for i := range timeBuckets - 1 {
		if took < TimeBound(i) {
			return i
		}
	}
	return timeBuckets - 1
}

// Answers is how many there are.
func (t *Times) Answers() (n int64) {
	for _, c := range t {
		n += c
	}
	return n
}

// Quantile is what a share of the answers took at most, up to the width of a bucket; zero without answers.
func (t *Times) Quantile(share float64) time.Duration {
	all, seen := t.Answers(), int64(0)
	if all == 0 {
		return 0
	}
	for i, c := range t {
		if seen += c; float64(seen) >= share*float64(all) {
			return TimeBound(i)
		}
	}
	return TimeBound(timeBuckets - 1)
}
