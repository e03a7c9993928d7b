// Package exam judges trained models on this machine: it divides the data of trainings into what nodes get and what they do not, and
// asks models about the latter. What it reads comes from outside, and is believed in nothing: its size is bounded before it is read.
package exam

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/compute/corpus"
	"github.com/tasknet/tasknet/compute/folder"
	"github.com/tasknet/tasknet/compute/train/gomlx"
	"github.com/tasknet/tasknet/server/pipeline"
)

// unpackedMax is how long a file may be that is packed: four times what pipeline.Hide takes.
const unpackedMax = 4 * compute.HiddenBytes

// numbersAtOnce is how many numbers a model is given at a time: 16 MB of them.
const numbersAtOnce = 4 << 20

// Room is where data are divided and models are asked, one of each at a time: it may take all of a core, and some memory.
type Room struct {
	Folder string        // for files while they are read; empty: the system's
	turn   chan struct{} // of who asks models
	desk   chan struct{} // of who divides data, for whom somebody waits
}

var _ pipeline.Exam = (*Room)(nil)

// New returns a room that keeps files in a folder while it reads them; empty: the system's.
func New(folder string) *Room { return &Room{folder, make(chan struct{}, 1), make(chan struct{}, 1)} }

// enter waits for a turn, and returns a folder and what leaves.
func (r *Room) enter(ctx context.Context, turn chan struct{}) (dir string, leave func() error, err error) {
	select {
	case turn <- struct{}{}:
	case <-ctx.Done():
		return "", nil, ctx.Err()
	}
	if dir, err = os.MkdirTemp(r.Folder, "exam-*"); err != nil {
		<-turn
		return "", nil, err
	}
	return dir, func() error {
		defer func() { <-turn }()
		return os.RemoveAll(dir)
	}, nil
}

// fetch writes the data of a work, and its labels, into a folder. labels is empty where there are none.
func fetch(dir string, w *compute.Work, open pipeline.Opens) (data, labels string, err error) {
	dir = filepath.Join(dir, "in")
	if err := os.Mkdir(dir, 0o700); err != nil {
		return "", "", err
	}
	for _, in := range w.Inputs {
		if in.Role != compute.DataRole && in.Role != compute.LabelsRole {
			continue
		}
		if in.Name != filepath.Base(in.Name) {
			return "", "", errName
		}
		path := filepath.Join(dir, in.Name)
		if err := save(path, in.Artefact, open); err != nil {
			return "", "", err
		}
		if err := corpus.CheckSize(path, unpackedMax); err != nil {
			return "", "", err
		}
		if in.Role == compute.DataRole {
			data = path
		} else {
			labels = path
		}
	}
	return data, labels, nil
}

// errName reports a name that would lead elsewhere.
var errName = tasknet.NewError(tasknet.Invalid, "bad_file_name", "A file of a job has a plain name.")

func save(path string, id compute.ArtefactID, open pipeline.Opens) error {
	from, err := open(id)
	if err != nil {
		return err
	}
	err = folder.WriteFile(path, func(to io.Writer) error {
		_, err := io.Copy(to, from)
		return err
	})
	return errors.Join(err, from.Close())
}

// Divide implements pipeline.Exam.
func (r *Room) Divide(ctx context.Context, w *compute.Work, open pipeline.Opens, draw func(tasks []string) ([]int, error)) (_ *pipeline.Divided, err error) {
	dir, leave, err := r.enter(ctx, r.desk)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, leave()) }()
	data, labels, err := fetch(dir, w, open)
	if err != nil {
		return nil, err
	}
	file, err := corpus.Open(data, labels)
	if err != nil {
		return nil, err
	}
	classes, err := file.Classes(w.Model.Classes)
	if err != nil {
		return nil, err
	}
	tasks := make([]string, len(file.Rows))
	for i := range file.Rows {
		tasks[i] = file.Rows[i].Key
	}
	hidden, err := draw(tasks)
	if err != nil {
		return nil, err
	}
	out := &pipeline.Divided{Given: map[compute.Role][]byte{}, Held: map[compute.Role][]byte{}}
	if out.Guess, err = guess(file, hidden, classes); err != nil {
		return nil, err
	}
	if err := legible(ctx, file, hidden, w.Model.Input); err != nil {
		return nil, err
	}
	given, held := filepath.Join(dir, "given"), filepath.Join(dir, "held")
	if err := corpus.Divide(data, labels, hidden, given, held); err != nil {
		return nil, err
	}
	for role, path := range map[compute.Role]string{compute.DataRole: data, compute.LabelsRole: labels} {
		if path == "" {
			continue
		}
		name := filepath.Base(path)
		var first, second error
		out.Given[role], first = os.ReadFile(filepath.Join(given, name))
		out.Held[role], second = os.ReadFile(filepath.Join(held, name))
		if err := errors.Join(first, second); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// legible reports hidden rows that no model could be asked about: they are no model's fault later.
func legible(ctx context.Context, file *corpus.File, hidden []int, in compute.Input) error {
	if in.Kind == compute.Numbers && in.Mean == nil {
		in.Mean, in.Deviation = make([]float64, len(in.Columns)), slices.Repeat([]float64{1}, len(in.Columns))
	}
	for _, i := range hidden {
		if _, err := file.Inputs(ctx, in, file.Rows[i:i+1], nil); err != nil {
			return err
		}
	}
	return nil
}

// guess returns what is lost on hidden rows by who only knows how frequent each class is in the others.
func guess(file *corpus.File, hidden []int, classes []string) (compute.Losses, error) {
	taken := make([]bool, len(file.Rows))
	for _, i := range hidden {
		taken[i] = true
	}
	var others []int
	for i := range taken {
		if !taken[i] {
			others = append(others, i)
		}
	}
	known, err := file.Targets(others, classes)
	if err != nil {
		return nil, err
	}
	asked, err := file.Targets(hidden, classes)
	if err != nil {
		return nil, err
	}
	says := compute.GuessOf(known, len(classes))
	all := make([]float32, 0, len(asked))
	for range hidden {
		all = append(all, says...)
	}
	return compute.NewLosses(asked, all, len(classes)), nil
}

// errNoModel reports weights, or a spec, that are not of the job's model.
func errNoModel(err error) error {
	return tasknet.NewError(tasknet.Invalid, "no_model", fmt.Sprintf("What was delivered is not the model that was to be trained: %v", err))
}

// ask asks a model. The library that computes panics at what it cannot: that is an error here, and no end of the server.
func ask(ctx context.Context, m *compute.Model, inputs []float32) (says []float32, err error) {
	defer func() {
		if why := recover(); why != nil {
			err = fmt.Errorf("%w: %v", pipeline.ErrUnasked, why)
		}
	}()
	return m.Predict(ctx, gomlx.Trainer{}, inputs)
}

// errNoRow reports results of a row that the data do not have.
var errNoRow = tasknet.NewError(tasknet.Invalid, "no_such_row", "The data have fewer rows than the results.")

// Measure implements pipeline.Exam. Errors of kind Invalid are about the model, for the data were read before.
func (r *Room) Measure(ctx context.Context, w *compute.Work, p *compute.Plan, weights compute.ArtefactID, open pipeline.Opens) (losses compute.Losses, right int, err error) {
	dir, leave, err := r.enter(ctx, r.turn)
	if err != nil {
		return nil, 0, err
	}
	defer func() { err = errors.Join(err, leave()) }()
	data, labels, err := fetch(dir, w, open)
	if err != nil {
		return nil, 0, err
	}
	file, err := corpus.Open(data, labels)
	if err != nil {
		return nil, 0, err
	}
	path := filepath.Join(dir, "weights of the model")
	if err := save(path, weights, open); err != nil {
		return nil, 0, err
	}
	model := &compute.Model{Plan: p, Temperature: w.Temperature}
	if model.Weights, err = folder.ReadWeights(path, p); err != nil {
		return nil, 0, errNoModel(err)
	}
	classes := len(p.Spec.Classes)
	for at, some := 0, max(1, numbersAtOnce/p.InputSize()); at < len(file.Rows); at += some {
		rows := file.Rows[at:min(at+some, len(file.Rows))]
		inputs, err := file.Inputs(ctx, p.Spec.Input, rows, nil)
		if err != nil {
			return nil, 0, err
		}
		numbers := make([]int, len(rows))
		for i := range numbers {
			numbers[i] = at + i
		}
		targets, err := file.Targets(numbers, p.Spec.Classes)
		if err != nil {
			return nil, 0, err
		}
		says, err := ask(ctx, model, inputs)
		if err != nil {
			return nil, 0, err
		}
		losses = append(losses, compute.NewLosses(targets, says, classes)...)
		right += compute.Right(targets, says, classes)
	}
	return losses, right, nil
}

// Ask implements pipeline.Exam.
func (r *Room) Ask(ctx context.Context, w *compute.Work, p *compute.Plan, rows []int, open pipeline.Opens) (says []compute.Prediction, err error) {
	dir, leave, err := r.enter(ctx, r.turn)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, leave()) }()
	data, labels, err := fetch(dir, w, open)
	if err != nil {
		return nil, err
	}
	file, err := corpus.Open(data, labels)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, "weights of the model")
	if err := save(path, w.Input(compute.WeightsRole).Artefact, open); err != nil {
		return nil, err
	}
	model := &compute.Model{Plan: p, Temperature: w.Temperature}
	if model.Weights, err = folder.ReadWeights(path, p); err != nil {
		return nil, errNoModel(err)
	}
	all, some := file.All(), make([]corpus.Row, len(rows))
	for i, row := range rows {
		if row >= len(all) {
			return nil, errNoRow
		}
		some[i] = all[row]
	}
	inputs, err := file.Inputs(ctx, p.Spec.Input, some, nil)
	if err != nil {
		return nil, err
	}
	likely, err := ask(ctx, model, inputs)
	if err != nil {
		return nil, err
	}
	classes := len(p.Spec.Classes)
	for i := range some {
		says = append(says, compute.NewPrediction(some[i].Key, p.Spec.Classes, likely[i*classes:(i+1)*classes]))
	}
	return says, nil
}

// Keys implements pipeline.Exam.
func (r *Room) Keys(ctx context.Context, w *compute.Work, open pipeline.Opens, each func(key string)) (err error) {
	dir, leave, err := r.enter(ctx, r.desk)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, leave()) }()
	data, labels, err := fetch(dir, w, open)
	if err != nil {
		return err
	}
	file, err := corpus.Open(data, labels)
	if err != nil {
		return err
	}
	for _, rows := range [][]corpus.Row{file.Rows, file.Unlabeled} {
		for i := range rows {
			each(rows[i].Key)
		}
	}
	return nil
}
