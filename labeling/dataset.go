package labeling

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
)

// DatasetID is the id of a version of a dataset.
type DatasetID string

// DatasetPrefix is the prefix of a DatasetID.
const DatasetPrefix = "ds"

// DatasetState says how far a version is.
type DatasetState string

// The states of a version.
const (
	Sealing       DatasetState = "sealing" // its rows are being collected
	Sealed        DatasetState = "sealed"  // it never changes
	SealingFailed DatasetState = "failed"
)

// LabelSource says where the labels of a version come from.
type LabelSource string

// The sources.
const (
	FromVerdicts LabelSource = "verdicts" // those that questions closed with
	FromAuto     LabelSource = "auto"     // the answers of all tasks together, by the method that Relabeling chooses
)

// ParseLabelSource reads a source.
func ParseLabelSource(s string) (LabelSource, error) {
	switch source := LabelSource(s); source {
	case FromVerdicts, FromAuto:
		return source, nil
	}
	return "", tasknet.NewError(tasknet.Invalid, "bad_source", "Labels come from verdicts or auto.")
}

// Dataset is a version of a project's labels: those of all tasks that were closed when it was made. Its content is
// addressed by its hash: the same content has the same, whoever makes it when.
type Dataset struct {
	ID        DatasetID
	Project   ProjectID
	Org       polls.OrgID
	State     DatasetState
	Source    LabelSource
	Method    string // of FromAuto, that was chosen
	Reason    string // why that method, for people
	Problem   string // why it was not sealed
	Rows      int
	Root      [32]byte // of the tree over the hashes of its rows, by key
	Hash      [32]byte // tasknet/dataset/v1, over the manifest
	Manifest  string   // canonical JSON; see Manifest
	CreatedAt time.Time
	SealedAt  time.Time
}

// Manifest is what the hash of a version is over.
type Manifest struct {
	Choices []string    `json:"choices"`
	Method  string      `json:"method"` // of FromAuto; empty when each row has its own
	Project ProjectID   `json:"project"`
	Root    string      `json:"root"` // in hex
	Rows    int         `json:"rows"`
	Source  LabelSource `json:"source"`
	Text    string      `json:"text"`
	Type    polls.Type  `json:"type"`
}

// Label is what a task is, as a version of a dataset has it.
type Label struct {
	Choice     int         // NoChoice when nobody could tell; 0 when there is a Value
	Value      polls.Value // empty when the label is a choice
	Soft       []int       // of each choice, in parts per million, of a relabeled Multiple how probably it is selected; nil for other values
	Regions    []int       // of each region of a relabeled Value, how surely it is there, in parts per million; nil for other values
	Confidence int         // in parts per million: the probability of the choice (aggregate.Result.Probabilities), how much values agree or, relabeled, how right the value is expected to be
	Method     string
}

// DatasetRow is a task in a version: the canonical JSON of its record, and tasknet/dataset-row/v1 over that.
type DatasetRow struct {
	Key     string
	Hash    [32]byte
	Content string
}

// Record is what a row says. Answers are by their record hashes, which receipts and the public log have too, in the order
// in which they were accepted; the question by tasknet/question/v1, which covers all of what was shown.
type Record struct {
	Answers    []string         `json:"answers"`
	Choice     *int             `json:"choice,omitempty"`
	Confidence int              `json:"confidence_ppm"`
	Key        string           `json:"key"`
	Leaves     []int64          `json:"leaves,omitempty"` // of each answer, the index in the public log of the leaf that is its hash; of versions from before there were any, none
	Method     string           `json:"method"`
	Question   polls.QuestionID `json:"question"`
	Hash       string           `json:"question_hash"`
	Regions    []int            `json:"regions_ppm,omitempty"`
	Soft       []int            `json:"soft_ppm"`
	Value      json.RawMessage  `json:"value,omitempty"`
}

// Errors of datasets.
var (
	ErrNoDataset     = tasknet.NewError(tasknet.NotFound, "no_such_dataset", "There is no such dataset; check the id.")
	ErrDatasetSealed = tasknet.NewError(tasknet.Conflict, "dataset_sealed", "The dataset is sealed, or its sealing has failed; it does not change any more.")
	ErrNotSealed     = tasknet.NewError(tasknet.Conflict, "dataset_not_sealed", "The dataset is not sealed yet; wait until it is.")
	ErrNothingClosed = tasknet.NewError(tasknet.Conflict, "nothing_closed", "The project has no closed task with an answer.")
)

// ClosedTask is a task whose question is closed, with all that was said.
type ClosedTask struct {
	Task     Task
	Question *polls.Question
	Verdict  *Verdict
	Answers  []polls.Answer // in the order in which they were accepted
	Leaves   []int64        // of each of them, the index of its leaf in the public log
}

// Told returns the answers of which it is known what they say: those that were not erased.
func (t *ClosedTask) Told() []polls.Answer {
	erased := func(a polls.Answer) bool { return a.Erased }
	if !slices.ContainsFunc(t.Answers, erased) {
		return t.Answers
	}
	return slices.DeleteFunc(slices.Clone(t.Answers), erased)
}

// NewDataset makes a version whose rows are to be collected.
func NewDataset(p *Project, source LabelSource, now time.Time) *Dataset {
	now = now.UTC().Truncate(time.Millisecond)
	return &Dataset{ID: DatasetID(tasknet.NewID(DatasetPrefix, now)), Project: p.ID, Org: p.Org, State: Sealing, Source: source, CreatedAt: now}
}

// WithModel ends the method of a label in which a model's word counts besides the answers, which are those of people alone.
const WithModel = "+model"

// LabelOf returns the label that a verdict gives. Soft labels are of types whose answer is one choice.
func LabelOf(v *Verdict) Label {
	if v.Value != "" {
		return Label{Value: v.Value, Confidence: v.Agreement, Method: string(v.Method)}
	}
	l := Label{Choice: v.Choice, Confidence: v.Confidence(), Method: string(v.Method)}
	if v.Witness != "" {
		l.Method += WithModel
	}
	if v.Family != "" && v.Choice != NoChoice {
		l.Soft = v.Posterior
	}
	return l
}

// NewDatasetRow makes the row of a task.
func NewDatasetRow(t *ClosedTask, l Label) (DatasetRow, error) {
	r := Record{
		Answers: make([]string, len(t.Answers)), Confidence: l.Confidence, Key: t.Task.Key, Leaves: t.Leaves, Method: l.Method,
		Question: t.Question.ID, Hash: t.Question.Hash, Regions: l.Regions, Soft: l.Soft, Value: json.RawMessage(l.Value),
	}
	for i, a := range t.Answers {
		r.Answers[i] = hex.EncodeToString(a.Hash[:])
	}
	if l.Value == "" {
		r.Choice = &l.Choice
	}
	if r.Soft == nil {
		r.Soft = []int{}
	}
	content, err := tasknet.Canonical(r)
	if err != nil {
		return DatasetRow{}, fmt.Errorf("dataset row %q: %w", t.Task.Key, err)
	}
	hash, err := tasknet.Hash("tasknet/dataset-row/v1", r)
	return DatasetRow{Key: t.Task.Key, Hash: hash, Content: string(content)}, err
}

// Record reads what the row says.
func (r *DatasetRow) Record() (rec Record, err error) {
	if err := json.Unmarshal([]byte(r.Content), &rec); err != nil {
		return rec, fmt.Errorf("dataset row %q: %w", r.Key, err)
	}
	return rec, nil
}

// Label returns the label that the record has.
func (r *Record) Label() Label {
	l := Label{Value: polls.Value(r.Value), Regions: r.Regions, Confidence: r.Confidence, Method: r.Method}
	if r.Choice != nil {
		l.Choice = *r.Choice
	}
	if len(r.Soft) > 0 {
		l.Soft = r.Soft
	}
	return l
}

// SetHash reads the row's hash from hex.
func (r *DatasetRow) SetHash(digits string) error {
	raw, err := hex.DecodeString(digits)
	if err != nil || len(raw) != len(r.Hash) {
		return fmt.Errorf("dataset row %q: %q is no hash", r.Key, digits)
	}
	r.Hash = [32]byte(raw)
	return nil
}

// Check reports whether the row's hash is that of its content, written canonically.
func (r *DatasetRow) Check() error {
	var tree any
	dec := json.NewDecoder(strings.NewReader(r.Content))
	dec.UseNumber()
	if err := dec.Decode(&tree); err != nil {
		return fmt.Errorf("dataset row %q: %w", r.Key, err)
	}
	hash, err := tasknet.Hash("tasknet/dataset-row/v1", tree)
	if err == nil && hash != r.Hash {
		err = fmt.Errorf("dataset row %q has the hash %x, and not %x", r.Key, hash, r.Hash)
	}
	return err
}

// Seal completes a version by the hashes of its rows, which are in the order of their keys.
func (d *Dataset) Seal(p *Project, rows [][32]byte, now time.Time) error {
	if d.State != Sealing {
		return ErrDatasetSealed
	}
	d.Rows, d.Root = len(rows), tasknet.NewTree(rows).Root()
	m := Manifest{
		Choices: p.Choices, Method: d.Method, Project: p.ID, Root: hex.EncodeToString(d.Root[:]), Rows: d.Rows, Source: d.Source, Text: p.Text, Type: p.Type,
	}
	if m.Choices == nil {
		m.Choices = []string{}
	}
	content, err := tasknet.Canonical(m)
	if err != nil {
		return err
	}
	if d.Hash, err = tasknet.Hash("tasknet/dataset/v1", m); err != nil {
		return err
	}
	d.Manifest, d.State, d.SealedAt = string(content), Sealed, now.UTC().Truncate(time.Millisecond)
	return nil
}

// Worker is the pseudonym of a respondent in a version. Who knows all respondents' ids can find out whose it is.
func (d *Dataset) Worker(id polls.RespondentID) (string, error) {
	h, err := tasknet.Hash("tasknet/dataset-worker/v1", map[string]any{"dataset": d.ID, "respondent": id})
	return "w_" + hex.EncodeToString(h[:8]), err
}

// Change says how a task differs between two versions.
type Change string

// The changes.
const (
	Added     Change = "added"
	Removed   Change = "removed"
	Relabeled Change = "relabeled" // its label is another one
	Recounted Change = "recounted" // the label is the same; its confidence, answers or question are not
)

// Difference is a task that differs between two versions.
type Difference struct {
	Key      string
	Change   Change
	From, To *Label // nil where the task is not there
}

// Differ compares the rows of a key in two versions, of which one may be nil. It returns nil when they are the same.
func Differ(from, to *DatasetRow) (*Difference, error) {
	label := func(r *DatasetRow) (*Label, error) {
		if r == nil {
			return nil, nil
		}
		rec, err := r.Record()
		l := rec.Label()
		return &l, err
	}
	if from != nil && to != nil && from.Hash == to.Hash {
		return nil, nil
	}
	before, err := label(from)
	if err != nil {
		return nil, err
	}
	after, err := label(to)
	if err != nil {
		return nil, err
	}
	switch {
	case from == nil:
		return &Difference{to.Key, Added, nil, after}, nil
	case to == nil:
		return &Difference{from.Key, Removed, before, nil}, nil
	case before.Choice != after.Choice || before.Value != after.Value:
		return &Difference{from.Key, Relabeled, before, after}, nil
	}
	return &Difference{from.Key, Recounted, before, after}, nil
}

// Labeled returns a row as writers of files take it, with what its task showed and what was said: not what was erased since, of
// which the row has but the record hash.
func (d *Dataset) Labeled(r *DatasetRow, t *ClosedTask) (*Labeled, error) {
	rec, err := r.Record()
	if err != nil {
		return nil, err
	}
	l, q, told := rec.Label(), t.Question, t.Told()
	out := &Labeled{
		Key: r.Key, Question: q.ID, Hash: hex.EncodeToString(r.Hash[:]), Text: q.Text, Passage: q.Passage, Image: q.Image, Audio: q.Audio, ChoiceImages: q.ChoiceImages,
		Choices: q.Choices, Choice: l.Choice, Value: l.Value, Soft: l.Soft, Regions: l.Regions, Confidence: l.Confidence, Method: l.Method, Answers: make([]LabeledAnswer, len(told)),
	}
	if out.Truth, err = ReadTruth(q, t.Task.Truth); err != nil {
		return nil, fmt.Errorf("dataset row %q: %w", r.Key, err)
	}
	for i, a := range told {
		worker, err := d.Worker(a.Respondent)
		if err != nil {
			return nil, err
		}
		out.Answers[i] = LabeledAnswer{Worker: worker, Choice: a.Choice, Value: a.Value, At: a.AcceptedAt}
	}
	return out, nil
}
