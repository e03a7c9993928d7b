package pipeline

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
)

// TaskMedia gets the images and clips that rows name: by hash, from an address on the internet, or by a file that came with
// the row, if file is not nil. Errors of kinds that are the row's fault make it malformed: NotFound when there is nothing by that
// name, Invalid when it is of the other sort.
type TaskMedia interface {
	Image(ctx context.Context, name string, file func(context.Context, string) ([]byte, error)) (*polls.Image, error)
	Audio(ctx context.Context, name string, file func(context.Context, string) ([]byte, error)) (*polls.Audio, error)

	// Scaled returns a kept image, by its hash, as a PNG of a size. NotFound when it is kept no more.
	Scaled(ctx context.Context, hash string, width, height int, grey bool) ([]byte, error)
}

// rowIn is a row with what became of it.
type rowIn struct {
	row   labeling.TaskRow
	line  int
	key   string
	media labeling.Media
	bad   error // why it is no task
}

// reject says why a row is no task.
func (in *rowIn) reject() labeling.BadRow {
	return labeling.BadRow{Line: in.line, File: in.row.Name, Problem: in.bad.Error()}
}

// Rows are rows with their images and clips, to be made tasks of.
type Rows []*rowIn

// AddedTasks is what became of rows.
type AddedTasks struct {
	Made      int
	Known     int // rows whose key the project had
	Repeated  int // rows whose key an earlier row has
	Malformed int
	First     []labeling.BadRow // of the malformed, at most labeling.MalformedKept
}

// PrepareTasks gets the images and clips of rows, before the transaction in which AddTasks makes tasks of them.
func (p *Pipeline) PrepareTasks(ctx context.Context, rows []labeling.TaskRow) (Rows, error) {
	batch := make(Rows, len(rows))
	fetches := p.newFetches(ctx)
	for i, row := range rows {
		batch[i] = &rowIn{row: row, line: row.Line}
		fetches.add(batch[i])
	}
	return batch, fetches.Wait()
}

// AddTasks makes tasks of rows within the caller's transaction: of all that are tasks, or of none.
// rewards.ErrInsufficient, labeling.ErrProjectPaused, labeling.ErrProjectOver.
func (p *Pipeline) AddTasks(ctx context.Context, tx Tx, project *labeling.Project, rows Rows) (AddedTasks, error) {
	if err := project.AddTasks(); err != nil {
		return AddedTasks{}, err
	}
	made, err := p.makeTasks(ctx, tx, project, rows, "")
	if err != nil {
		return AddedTasks{}, err
	}
	var count labeling.Import
	for _, in := range rows {
		if in.bad != nil {
			count.Reject(in.reject())
		}
	}
	return AddedTasks{len(made.tasks), made.known, made.repeated, count.Malformed, count.First}, p.saveTasks(ctx, tx, project.ID, made)
}

// fetchAtOnce is how many rows of a batch get their images at a time.
const fetchAtOnce = 8

// fetches gets the images and clips of rows, some rows at a time.
type fetches struct {
	*errgroup.Group
	ctx context.Context
	p   *Pipeline
}

func (p *Pipeline) newFetches(ctx context.Context) fetches {
	group, fetching := errgroup.WithContext(ctx)
	group.SetLimit(fetchAtOnce)
	return fetches{group, fetching, p}
}

func (f fetches) add(in *rowIn) {
	if in.row.Image != "" || in.row.Audio != "" || len(in.row.ChoiceImages) > 0 {
		f.Go(func() error { return f.p.mediaOf(f.ctx, in) })
	}
}

// about says of an error which of a row's images or clips it is about, unless the row is nothing else.
func (in *rowIn) about(what, name string, err error) error {
	const most = 80 // bytes of an address that are shown
	if len(name) > most {
		name = strings.ToValidUTF8(name[:most], "") + "..."
	}
	if in.row.Name != "" {
		return fmt.Errorf("%s: %w", what, err)
	}
	return fmt.Errorf("%s %q: %w", what, name, err)
}

// mediaOf gets the images and the clip that a row names. An error is not the row's fault.
func (p *Pipeline) mediaOf(ctx context.Context, in *rowIn) error {
	get := func() (err error) {
		if in.row.Image != "" {
			if in.media.Image, err = p.cfg.Media.Image(ctx, in.row.Image, in.row.File); err != nil {
				return in.about("image", in.row.Image, err)
			}
			in.media.Image.Alt = in.row.ImageAlt
		}
		if in.row.Audio != "" {
			if in.media.Audio, err = p.cfg.Media.Audio(ctx, in.row.Audio, in.row.File); err != nil {
				return in.about("audio", in.row.Audio, err)
			}
		}
		for _, name := range in.row.ChoiceImages {
			image, err := p.cfg.Media.Image(ctx, name, in.row.File)
			if err != nil {
				return in.about("image of a choice", name, err)
			}
			in.media.ChoiceImages = append(in.media.ChoiceImages, *image)
		}
		return nil
	}
	err := get()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if rowsFault(err) {
		in.bad = err
		return nil
	}
	return err
}

// rowsFault reports whether an error is about what a row says.
func rowsFault(err error) bool {
	known, ok := errors.AsType[*tasknet.Error](err)
	if !ok {
		return false
	}
	switch known.Kind {
	case tasknet.Invalid, tasknet.TooLarge, tasknet.NotFound, tasknet.Forbidden, tasknet.NotSupported:
		return true
	}
	return false
}

// madeTasks are new tasks with their questions.
type madeTasks struct {
	tasks     []labeling.Task
	questions []*polls.Question
	known     int // rows whose key the project had
	repeated  int // rows whose key an earlier row has, of this batch or of the same import
}

// makeTasks makes tasks of those rows that are none of the project's yet, and says of the others what is bad about them.
func (p *Pipeline) makeTasks(ctx context.Context, tx Tx, project *labeling.Project, batch []*rowIn, by labeling.ImportID) (*madeTasks, error) {
	made, now, snapshot := new(madeTasks), p.now(), ""
	keys := make([]string, 0, len(batch))
	for _, in := range batch {
		if in.bad == nil {
			in.key, in.bad = in.row.KeyOf()
		}
		if in.bad == nil {
			keys = append(keys, in.key)
		}
	}
	known, err := tx.Projects().KnownKeys(ctx, project.ID, keys)
	if err != nil {
		return nil, err
	}
	earlier := make(map[string]bool, len(batch))
	others, err := p.othersOf(ctx, tx, project, batch, now)
	if err != nil {
		return nil, err
	}
	for _, in := range batch {
		if in.bad != nil {
			continue
		}
		source, there := known[in.key]
		if earlier[in.key] || there && by != "" && source == by {
			made.repeated++
			continue
		}
		if there {
			made.known++
			continue
		}
		importance, err := labeling.ParseImportance(in.row.Importance)
		if err != nil {
			in.bad = err
			continue
		}
		d, err := project.Draft(&in.row, in.media, importance)
		if err != nil {
			in.bad = err
			continue
		}
		d.Part = partOf(project.Counts.Tasks+len(made.tasks), in.row.Truth != "")
		if d.Type.IsLabel() && snapshot == "" { // the same for all tasks of a project
			if snapshot, err = p.snapshot(ctx, tx, d); err != nil {
				return nil, err
			}
		}
		var q *polls.Question
		if other := others.next(); in.row.Truth != "" && other != nil {
			q, err = p.newQuestionLike(other, d, now)
		} else {
			q, err = p.newQuestion(d, snapshot, now)
		}
		truth := ""
		if err == nil {
			truth, err = labeling.TruthOf(q, &in.row)
		}
		if rowsFault(err) {
			in.bad = err
			continue
		}
		if err != nil {
			return nil, err
		}
		earlier[in.key] = true
		made.questions = append(made.questions, q)
		made.tasks = append(made.tasks, labeling.Task{Project: project.ID, Key: in.key, Question: q.ID, State: labeling.TaskOpen, Truth: truth, Import: by, Asked: 1, Importance: importance})
	}
	return made, nil
}

// partOf is in which part of its project a task is of which there are so many before. Gold is in any of those that there are:
// golds that are added at once are not next to each other.
func partOf(before int, gold bool) int {
	parts := labeling.Parts(before)
	if gold {
		return rand.IntN(parts)
	}
	return parts - 1
}

// others are open questions of a project whose terms new golds have. Among golds that are added to a running project those
// of its other questions would tell which are gold: a later deadline and snapshot, or another price.
type others struct {
	questions []*polls.Question
	plain     int // of the batch that the golds are added with
	open      int // of the project before
	at        int
}

// othersMost is how many there are at most, for one batch.
const othersMost = 32

func (p *Pipeline) othersOf(ctx context.Context, tx Tx, project *labeling.Project, batch []*rowIn, now time.Time) (*others, error) {
	o := &others{open: project.Counts.Open}
	for _, in := range batch {
		if in.bad == nil && in.row.Truth == "" {
			o.plain++
		}
	}
	if o.plain == len(batch) || o.open == 0 {
		return o, nil
	}
	var err error
	o.questions, err = tx.Projects().SomeOpen(ctx, project, now, othersMost)
	return o, err
}

// next returns one of them; or nil as often as the next open question of the project would be one of the batch.
func (o *others) next() *polls.Question {
	if len(o.questions) == 0 || rand.IntN(o.plain+o.open) < o.plain {
		return nil
	}
	o.at++
	return o.questions[o.at%len(o.questions)]
}

// golds returns the known answers of the tasks that have one, but for those that would measure nobody.
func (m *madeTasks) golds() (golds []labeling.Gold, err error) {
	for i, t := range m.tasks {
		truth, err := labeling.ReadTruth(m.questions[i], t.Truth)
		if err != nil {
			return nil, err
		}
		if truth == nil {
			continue
		}
		g, err := labeling.NewGold(m.questions[i], *truth)
		if errors.Is(err, labeling.ErrEasyGold) {
			continue
		}
		if err != nil {
			return nil, err
		}
		golds = append(golds, *g)
	}
	return golds, nil
}

// saveTasks saves tasks with their questions, and what is set aside for them.
func (p *Pipeline) saveTasks(ctx context.Context, tx Tx, id labeling.ProjectID, made *madeTasks) error {
	n := len(made.tasks)
	if n == 0 {
		return nil
	}
	if err := p.askAll(ctx, tx, made.questions, made.questions[0].CreatedAt); err != nil {
		return err
	}
	if err := tx.Projects().AddTasks(ctx, made.tasks); err != nil {
		return err
	}
	golds, err := made.golds()
	if err != nil {
		return err
	}
	if err := tx.Labels().AddGolds(ctx, golds...); err != nil {
		return err
	}
	return tx.Projects().CountTasks(ctx, id, labeling.ProjectCounts{Tasks: n, Open: n})
}
