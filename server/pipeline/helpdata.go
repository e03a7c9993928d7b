package pipeline

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
)

// The names that files of jobs have, which say how they are read.
const (
	rowsFile    = "rows.jsonl"
	weightsFile = "weights.safetensors"
)

// Limits of what a model reads and says.
const (
	helpRowsMax  = labeling.LessonMost // in one file
	helpBytesMax = 64 << 20            // of one file, as of 4,000 noisy pictures of 64x64 pixels in colour
	saidBytesMax = 64 << 20            // of what a node says of one part
	specBytesMax = 4 << 20             // of a model's spec, and of its card
)

// ErrModelSaid reports what a node has made of a model, or says by it, that cannot be. It is taken for nothing.
var ErrModelSaid = tasknet.NewError(tasknet.Invalid, "bad_model_output", "What the node returned is not what a model of this project can say.")

// badOutput says what is wrong with what a node returned.
func badOutput(format string, args ...any) error {
	return fmt.Errorf("%w (%s)", ErrModelSaid, fmt.Sprintf(format, args...))
}

// helpRow is a line of a file that a model reads.
type helpRow struct {
	Key     string                 `json:"key"` // the question's id
	Text    string                 `json:"text,omitempty"`
	Image   string                 `json:"image,omitempty"` // data URL
	Numbers map[string]json.Number `json:"numbers,omitempty"`
	Label   string                 `json:"label,omitempty"`
	Soft    []float64              `json:"soft_label,omitempty"`
	Weight  float64                `json:"weight,omitempty"`
}

// helpFile is a file for a model while it is written.
type helpFile struct {
	spec  *compute.Spec
	media TaskMedia
	file  []byte
	rows  int
	more  bool // it did not hold all
	golds int
	seen  []int // labels, by their likeliest choice

	unread []labeling.Said // of what the model cannot read
}

// newHelpFile begins a file for a project's model.
func (p *Pipeline) newHelpFile(project *labeling.Project) (*helpFile, error) {
	spec, err := compute.ReadSpec(bytes.NewReader(project.Help.Model))
	if err != nil {
		return nil, err
	}
	spec.Classes = project.Choices
	return &helpFile{spec: &spec, media: p.cfg.Media, seen: make([]int, len(project.Choices))}, nil
}

// classes is how many choices have enough labels to learn from.
func (f *helpFile) classes() (n int) {
	const enough = 5
	for _, labels := range f.seen {
		if labels >= enough {
			n++
		}
	}
	return n
}

// full reports whether no more can be added.
func (f *helpFile) full() bool {
	f.more = f.rows >= helpRowsMax || len(f.file) >= helpBytesMax
	return f.more
}

func (f *helpFile) add(r *helpRow) error {
	line, err := json.Marshal(r)
	if err == nil {
		f.file, f.rows = append(append(f.file, line...), '\n'), f.rows+1
	}
	return err
}

// read returns what a model sees of a question; nil when it can see nothing: what it shows is of another sort than what the model
// looks at, is kept no more, or lacks one of the model's columns.
func (f *helpFile) read(ctx context.Context, q *polls.Question) (*helpRow, error) {
	in := f.spec.Input
	if (q.Image != nil) != (in.Kind == compute.Image) || q.Audio != nil || len(q.ChoiceImages) > 0 || q.Policy.Kind != polls.Confidence || len(q.Choices) != len(f.spec.Classes) {
		return nil, nil //nolint:nilnil // the model sees nothing
	}
	row := &helpRow{Key: string(q.ID)}
	switch in.Kind {
	case compute.Image:
		shown, err := f.media.Scaled(ctx, q.Image.Hash, in.Width, in.Height, in.Channels != 3)
		if err != nil && tasknet.Describe(err).Kind == tasknet.NotFound {
			return nil, nil //nolint:nilnil // likewise
		}
		row.Image = "data:image/png;base64," + base64.StdEncoding.EncodeToString(shown)
		return row, err
	case compute.Numbers:
		if row.Numbers = f.columns(q); row.Numbers == nil {
			return nil, nil //nolint:nilnil // likewise
		}
	default:
		row.Text = strings.TrimSpace(q.Text + "\n" + q.Passage)
	}
	return row, nil
}

// columns reads the model's columns of a question that shows a JSON object; nil when one is not there.
func (f *helpFile) columns(q *polls.Question) map[string]json.Number {
	text := q.Passage
	if text == "" {
		text = q.Text
	}
	var cells map[string]any
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&cells); err != nil {
		return nil
	}
	numbers := make(map[string]json.Number, len(f.spec.Input.Columns))
	for _, column := range f.spec.Input.Columns {
		n, ok := cells[column].(json.Number)
		if !ok {
			return nil
		}
		if v, err := n.Float64(); err != nil || math.Abs(v) > math.MaxFloat32 {
			return nil
		}
		numbers[column] = n
	}
	return numbers
}

// labelsFor writes what people say of the closed tasks of a project that a model may learn from: of no gold, and of none that it is
// measured by. What earlier models said is not in it.
func (p *Pipeline) labelsFor(ctx context.Context, project *labeling.Project, h *labeling.Helping, skills string) (*helpFile, error) {
	f, err := p.newHelpFile(project)
	if err != nil {
		return nil, err
	}
	s, err := p.stopper.Snapshot(ctx, skills)
	if err != nil {
		return nil, err
	}
	help := project.Help.For(project.Policy)
	return f, p.eachClosed(ctx, project.ID, func(page []*labeling.ClosedTask) error {
		for _, t := range page {
			votes := votesOf(t.Answers)
			told := slices.ContainsFunc(votes, func(v polls.Vote) bool { return v.Choice != polls.CannotTell })
			if t.Task.State != labeling.TaskDone || !told {
				continue
			}
			if t.Task.Truth != "" {
				g, err := p.stores.Labels().Gold(ctx, t.Question.ID)
				if err != nil {
					return err
				}
				if g != nil && g.State == labeling.GoldOpened && len(votes) >= help.Least {
					f.golds++
				}
				continue
			}
			if help.Audited(h.Seed, string(t.Question.ID)) || f.full() {
				continue
			}
			row, err := f.read(ctx, t.Question)
			if err != nil {
				return err
			}
			if row == nil {
				continue
			}
			if err := f.label(row, s.Known.Posterior(votes)); err != nil {
				return err
			}
		}
		return nil
	})
}

// label adds a labeled task. Its posterior is the soft label, and it counts the less in training the closer that is to an even guess.
func (f *helpFile) label(row *helpRow, posterior []int) error {
	choice, ppm := labeling.Likeliest(posterior)
	row.Label = f.spec.Classes[choice]
	row.Soft = make([]float64, len(posterior))
	for z, p := range posterior {
		row.Soft[z] = float64(p) / 1e6
	}
	row.Weight = labeling.LabelWeight(ppm, len(posterior))
	f.seen[choice]++
	return f.add(row)
}

// askFor writes the tasks that a model is to be asked about: open ones that nobody has been given, and golds and audits that are
// closed, by which a new one is measured.
func (p *Pipeline) askFor(ctx context.Context, project *labeling.Project, h *labeling.Helping, model *labeling.HelpTrained, first bool) (*helpFile, error) {
	f, err := p.newHelpFile(project)
	if err != nil {
		return nil, err
	}
	trained, err := compute.ReadSpec(bytes.NewReader(model.Spec))
	if err != nil {
		return nil, err
	}
	f.spec = &trained
	help := project.Help.For(project.Policy)
	add := func(closed bool) error {
		for page := (tasknet.Page{Limit: measuredAtOnce}); ; {
			tasks, next, err := p.stores.Helps().Unheard(ctx, h.Project, model.Round, closed, page)
			if err != nil {
				return err
			}
			for _, t := range tasks {
				audited := help.Audited(h.Seed, string(t.Question.ID))
				if closed && (t.Task.Truth == "" && !audited || t.Question.Witness != "") { // people alone must have closed it
					continue
				}
				row, err := f.read(ctx, t.Question)
				if err != nil {
					return err
				}
				if row == nil {
					f.unread = append(f.unread, labeling.Said{Question: t.Question.ID, Audited: audited})
					continue
				}
				if f.full() {
					return nil
				}
				if err := f.add(row); err != nil {
					return err
				}
			}
			if page.After = next; next == "" {
				return nil
			}
		}
	}
	if first {
		if err := add(true); err != nil {
			return nil, err
		}
	}
	return f, add(false)
}

// readModel reads a model that a node has trained: its weights, how warm it is, and what its numbers are scaled by. All else is as it
// was asked for, whatever the node says.
func (p *Pipeline) readModel(ctx context.Context, job *compute.Job, r *compute.Receipt) (*labeling.HelpTrained, error) {
	work, _, err := compute.ReadWork(job.Work)
	if err != nil {
		return nil, err
	}
	made := make(map[compute.Role]compute.ArtefactID, len(r.Outputs))
	for _, o := range r.Outputs {
		made[o.Role] = o.Artefact
	}
	raw, err := p.artefactContent(ctx, job.Org, made[compute.SpecRole], specBytesMax)
	if err != nil {
		return nil, err
	}
	said, err := compute.ReadSpec(bytes.NewReader(raw))
	if err != nil {
		return nil, badOutput("its spec: %v", err)
	}
	spec := *work.Model
	spec.Input.Mean, spec.Input.Deviation = said.Input.Mean, said.Input.Deviation
	if _, err := compute.NewPlan(spec); err != nil {
		return nil, badOutput("its spec: %v", err)
	}
	if spec.Input.Kind == compute.Numbers && spec.Input.Mean == nil {
		return nil, badOutput("it does not say what its numbers are scaled by")
	}
	if raw, err = p.artefactContent(ctx, job.Org, made[compute.CardRole], specBytesMax); err != nil {
		return nil, err
	}
	var card compute.Card
	if err := json.Unmarshal(raw, &card); err != nil {
		return nil, badOutput("its card: %v", err)
	}
	out := &labeling.HelpTrained{Temperature: card.Temperature, Model: labeling.HelpModel{Weights: string(made[compute.WeightsRole]), Job: string(job.ID)}}
	out.Spec, err = json.Marshal(spec)
	return out, err
}

// readOpinions reads what nodes say of the tasks in a file, one line for each and in their order.
func (p *Pipeline) readOpinions(ctx context.Context, project *labeling.Project, h *labeling.Helping, job *compute.Job) (said []labeling.Said, err error) {
	asked, err := p.artefactContent(ctx, job.Org, compute.ArtefactID(h.Data), math.MaxInt64)
	if err != nil {
		return nil, err
	}
	rows := bufio.NewScanner(bytes.NewReader(asked))
	rows.Buffer(nil, helpBytesMax)
	help := project.Help.For(project.Policy)
	take := func(line []byte) error {
		var row helpRow
		if !rows.Scan() {
			return badOutput("it says more than it was asked")
		}
		if err := json.Unmarshal(rows.Bytes(), &row); err != nil {
			return err
		}
		o, err := readOpinion(line, row.Key, project.Choices)
		if err != nil {
			return err
		}
		said = append(said, labeling.Said{Question: polls.QuestionID(row.Key), Opinion: o, Audited: help.Audited(h.Seed, row.Key)})
		return nil
	}
	for page := (tasknet.Page{Limit: measuredAtOnce}); ; {
		parts, next, err := p.stores.Jobs().Parts(ctx, job.ID, page)
		if err != nil {
			return nil, err
		}
		for _, part := range parts {
			if part.Result == nil || part.Result.Receipt == nil {
				return nil, fmt.Errorf("job %s is done, and part %d has no receipt", job.ID, part.Part.Number)
			}
			raw, err := p.artefactContent(ctx, job.Org, part.Result.Receipt.Outputs[0].Artefact, saidBytesMax)
			if err != nil {
				return nil, err
			}
			for line := range bytes.Lines(raw) {
				if err := take(line); err != nil {
					return nil, err
				}
			}
		}
		if page.After = next; next == "" {
			break
		}
	}
	if rows.Scan() {
		return nil, badOutput("it says less than it was asked")
	}
	return said, rows.Err()
}

// readOpinion reads what a node says of one task.
func readOpinion(line []byte, key string, choices []string) (labeling.Opinion, error) {
	var in struct {
		Key           string             `json:"key"`
		Probabilities map[string]float64 `json:"probabilities"`
	}
	if err := json.Unmarshal(line, &in); err != nil {
		return nil, badOutput("a line: %v", err)
	}
	if in.Key != key || len(in.Probabilities) != len(choices) {
		return nil, badOutput("of %q it says %d probabilities for %d choices of %q", key, len(in.Probabilities), len(choices), in.Key)
	}
	probabilities := make([]float32, len(choices))
	for z, choice := range choices {
		v, there := in.Probabilities[choice]
		if !there {
			return nil, badOutput("of %q it says nothing of %q", key, choice)
		}
		probabilities[z] = float32(v)
	}
	o, err := labeling.NewOpinion(probabilities, len(choices))
	if err != nil {
		return nil, badOutput("of %q: %v", key, err)
	}
	return o, nil
}

// keep keeps bytes as an artefact of an organisation's. Again is fine.
func (p *Pipeline) keep(ctx context.Context, org polls.OrgID, name string, content []byte) (compute.ArtefactID, error) {
	m := compute.Manifest{Length: int64(len(content))}
	for piece := range slices.Chunk(content, compute.PieceSize) {
		m.Pieces = append(m.Pieces, sha256.Sum256(piece))
	}
	var a *Artefact
	err := p.stores.InTx(ctx, func(tx Tx) (err error) {
		a, err = p.NewArtefact(ctx, tx, org, &m, name, "application/x-ndjson")
		return err
	})
	if err != nil {
		return "", err
	}
	n := 0
	for piece := range slices.Chunk(content, compute.PieceSize) {
		if a, err = p.PutPiece(ctx, a, n, piece); err != nil {
			return "", err
		}
		n++
	}
	return a.ID, nil
}

// artefactContent reads an artefact of an organisation's that has no more bytes than a limit.
func (p *Pipeline) artefactContent(ctx context.Context, org polls.OrgID, id compute.ArtefactID, limit int64) ([]byte, error) {
	a, err := p.stores.Artefacts().Artefact(ctx, org, id)
	if err != nil {
		return nil, err
	}
	if a.Length > limit {
		return nil, badOutput("%s has %d bytes, and may have %d", id, a.Length, limit)
	}
	c, err := p.Content(ctx, a, 0, a.Length)
	if err != nil {
		return nil, err
	}
	raw, err := io.ReadAll(c)
	if closed := c.Close(); err == nil {
		err = closed
	}
	return raw, err
}
