package pipeline_test

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/pipeline"
)

// valued is a project of closed tasks with values, by what each person says of each of them.
func (b *bench) valued(t *testing.T, template labeling.Template, image *polls.Image, tasks, people int, say func(task, person int) any) *labeling.Project {
	t.Helper()
	policy, err := polls.ParsePolicy(fmt.Sprintf("fixed:%d", people), 0, 0)
	check(t, err)
	p, err := labeling.NewProject(labeling.ProjectDraft{Org: b.org, Name: "Values", Template: template, Policy: policy, Price: tasknet.Micro(1000), Lifetime: time.Hour}, b.clock())
	check(t, err)
	check(t, b.stores.Projects().CreateProject(t.Context(), p))
	questions := make([]*polls.Question, tasks)
	check(t, b.stores.InTx(t.Context(), func(tx pipeline.Tx) error {
		rows := make([]labeling.Task, tasks)
		for i := range questions {
			d, err := p.Draft(&labeling.TaskRow{Passage: fmt.Sprint("task ", i)}, labeling.Media{Image: image}, labeling.Important)
			if err != nil {
				return err
			}
			if questions[i], err = b.Ask(t.Context(), tx, d); err != nil {
				return err
			}
			rows[i] = labeling.Task{Project: p.ID, Key: fmt.Sprintf("k%02d", i), Question: questions[i].ID, State: labeling.TaskOpen, Asked: 1}
		}
		return tx.Projects().AddTasks(t.Context(), rows)
	}))
	for i, q := range questions {
		for person := range people {
			v, err := polls.ValueOf(say(i, person))
			check(t, err)
			b.record(t, person+1, q, polls.Answer{Value: v}, false)
		}
	}
	for _, q := range questions {
		b.closing(t, q.ID)
	}
	return p
}

// sealed makes a dataset of a project and returns it with its records by their keys.
func (b *bench) sealed(t *testing.T, p *labeling.Project, source labeling.LabelSource) (d *labeling.Dataset, records map[string]labeling.Record) {
	t.Helper()
	check(t, b.stores.InTx(t.Context(), func(tx pipeline.Tx) (err error) {
		d, err = b.NewDataset(t.Context(), tx, b.org, p.ID, source)
		return err
	}))
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- b.RunSealing(ctx) }()
	for end := time.Now().Add(20 * time.Second); d.State == labeling.Sealing; <-time.After(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it is not sealed")
		}
		var err error
		d, err = b.OwnDataset(t.Context(), b.org, d.ID)
		check(t, err)
	}
	stop()
	check(t, <-done)
	rows, _, err := b.stores.Datasets().DatasetRows(t.Context(), d.ID, tasknet.Page{})
	check(t, err)
	records = make(map[string]labeling.Record)
	for _, row := range rows {
		records[row.Key], err = row.Record()
		check(t, err)
	}
	return d, records
}

// TestDatasetOfNumbers has somebody who always says 20 more: the median of three gives way to them, the weighted mean does not.
func TestDatasetOfNumbers(t *testing.T) {
	b := newBench(t)
	template := labeling.Template{Type: polls.Number, Text: "How many?", Options: polls.Options{Number: &polls.NumberRange{Max: 1000 * tasknet.MicroPerToken}}}
	number := func(n int) polls.Decimal { return polls.Decimal(n * tasknet.MicroPerToken) }
	p := b.valued(t, template, nil, 20, 4, func(task, person int) any {
		truth := 100 + 7*task
		switch {
		case person == 3:
			return number(truth + 20)
		case task%4 == 3: // these err upwards once in a while, one by much
			return number(truth + 1 + person*person)
		}
		return number(truth + (task+person)%3 - 1)
	})
	report, err := b.Report(t.Context(), b.project(t, p.ID))
	if check(t, err); report.Tasks != 20 || report.LeftOut != 0 || report.Likeness == nil || report.Likeness.Compared != 20 {
		t.Errorf("the report is %+v", report)
	}
	few, err := pipeline.New(b.stores, b.stopper, b.feed, nil, pipeline.Config{Instance: instance, ChainID: 7, Reported: 15})
	check(t, err)
	report, err = few.Report(t.Context(), &labeling.Project{ID: p.ID, Counts: labeling.ProjectCounts{Done: 20}})
	if check(t, err); report.Tasks != 15 || report.LeftOut != 5 {
		t.Errorf("a report on %d tasks leaves %d out", report.Tasks, report.LeftOut)
	}
	plain, verdicts := b.sealed(t, p, labeling.FromVerdicts)
	d, labels := b.sealed(t, p, labeling.FromAuto)
	if plain.State != labeling.Sealed || plain.Source != labeling.FromVerdicts || plain.Method != "" {
		t.Errorf("of the verdicts: %+v", plain)
	}
	if d.State != labeling.Sealed || d.Source != labeling.FromAuto || d.Method != "mean" || d.Reason == "" || !strings.Contains(d.Manifest, `"method":"mean"`) || d.Rows != 20 {
		t.Errorf("of all together: %+v", d)
	}
	off := func(records map[string]labeling.Record) (sum float64) {
		for task := range 20 {
			r := records[fmt.Sprintf("k%02d", task)]
			n, err := polls.Value(r.Value).Number()
			check(t, err)
			sum += math.Abs(float64(n-number(100+7*task))) / tasknet.MicroPerToken
		}
		return sum / 20
	}
	if was, is := off(verdicts), off(labels); is >= was {
		t.Errorf("labels are off by %.2f, and verdicts by %.2f", is, was)
	}
	if r := labels["k07"]; r.Method != "mean" || verdicts["k07"].Method != string(labeling.Median) || r.Confidence == 0 {
		t.Errorf("labels are %+v and were %+v", r, verdicts["k07"])
	}
}

// TestDatasetOfBoxes has two people who agree, and two who draw anything: half of four is no majority, but more than half of
// the skill.
func TestDatasetOfBoxes(t *testing.T) {
	b := newBench(t)
	template := labeling.Template{Type: polls.Boxes, Text: "Mark the birds.", Choices: []string{"bird"}}
	image := &polls.Image{Hash: strings.Repeat("ab", 32), Type: "image/png", Width: 200, Height: 100, Bytes: 10}
	p := b.valued(t, template, image, 15, 4, func(task, person int) any {
		if person >= 2 {
			return []polls.Box{{X: (37*task + 61*person) % 150, Y: 60, W: 9 + task, H: 20}}
		}
		return []polls.Box{{X: 20 + person, Y: 5, W: 40, H: 30}}
	})
	_, verdicts := b.sealed(t, p, labeling.FromVerdicts)
	d, labels := b.sealed(t, p, labeling.FromAuto)
	if d.State != labeling.Sealed || d.Method != "match" {
		t.Fatalf("%+v", d)
	}
	for key, r := range labels {
		boxes, err := polls.Value(r.Value).Boxes()
		check(t, err)
		was, err := polls.Value(verdicts[key].Value).Boxes()
		check(t, err)
		if len(was) != 0 || len(boxes) != 1 || boxes[0].Y != 5 {
			t.Errorf("task %s is labeled %v, and was %v", key, boxes, was)
		}
		if r.Method != "match" || r.Confidence == 0 || len(r.Regions) != 1 || r.Regions[0] <= 500_000 || len(r.Answers) != 4 {
			t.Errorf("task %s: %+v", key, r)
		}
	}
}
