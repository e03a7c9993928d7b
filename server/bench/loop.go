package bench

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/compute/corpus"
	"github.com/tasknet/tasknet/compute/train/gomlx"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
)

// Loops is what a measurement of models that help is made of.
type Loops struct {
	Folder  string // with the digits: pictures and labels in the IDX format
	Tasks   int    // of the digits, the first of them
	People  int
	Least   int   // people's answers from which on a question closes in which the model's word counts
	Targets []int // confidence of the policies, in parts per million: those that a model helps with
	Seed    uint64

	// Told hears what is done and how far it is.
	Told func(what string, done, of int)
}

// DefaultLoops are those of which figures are told. They lack what has no default.
func DefaultLoops() Loops { return Loops{Tasks: 4000, People: 50, Seed: 1} }

// Looped is one crowd with one policy.
type Looped struct {
	Crowd    string  `json:"crowd"`
	Target   float64 `json:"target"`
	Model    bool    `json:"model"`
	Tasks    int     `json:"tasks"`
	Answers  int     `json:"answers"`
	PerTask  float64 `json:"answers_per_task"` // to golds and audits as well
	Accuracy float64 `json:"accuracy"`
	Claimed  float64 `json:"claimed_share"`
	Wrong    float64 `json:"claimed_wrong"` // share of the verdicts that claim the target
	Golds    int     `json:"golds"`

	Audits    int   `json:"audits"`
	Assisted  int   `json:"assisted"`
	Alone     int   `json:"alone"`
	Trainings []int `json:"trainings"`
	Off       bool  `json:"switched_off"`

	// Equal is how many answers a task people alone need for the same accuracy, or the most that they were asked for where that
	// is not enough, and Ratio the share of them that is needed with the model; 0 without one.
	Equal float64 `json:"equal_answers_per_task,omitempty"`
	Ratio float64 `json:"answers_ratio,omitempty"`
}

// How the made-up people are.
const (
	loopSkillLeast, loopSkillMost = 0.7, 0.9
	loopGoldShare                 = 0.05
	loopMax                       = 10
)

// loopCrowds are the crowds that are measured, by the share of people who answer at random.
var loopCrowds = []struct {
	name   string
	random float64
}{{"skilled", 0}, {"half at random", 0.5}}

// alone are the policies that people alone are asked with, for the accuracy that they reach with more answers and fewer.
var alone = []int{700_000, 800_000, 900_000, 950_000, 980_000, 990_000, 995_000}

// digits is what is labeled.
type digits struct {
	inputs []float32 // of all tasks
	truth  []int
	spec   compute.Spec
}

// The files of the digits, by the names that they are published with.
const (
	digitPictures = "t10k-images-idx3-ubyte.gz"
	digitLabels   = "t10k-labels-idx1-ubyte.gz"
)

// Lacks says which file of the digits is not in the folder; empty: both are.
func (l Loops) Lacks() string {
	for _, name := range []string{digitPictures, digitLabels} {
		path := filepath.Join(l.Folder, name)
		if _, err := os.Stat(path); err != nil {
			return path
		}
	}
	return ""
}

// readDigits reads as many of the digits of a folder.
func (l Loops) readDigits(ctx context.Context) (*digits, error) {
	file, err := corpus.Open(filepath.Join(l.Folder, digitPictures), filepath.Join(l.Folder, digitLabels))
	if err != nil {
		return nil, err
	}
	classes, err := file.Classes(nil)
	if err != nil {
		return nil, err
	}
	height, width, err := file.Size()
	if err != nil {
		return nil, err
	}
	d := &digits{}
	if d.spec, err = compute.Preset("image", compute.Input{Height: height, Width: width}, classes); err != nil {
		return nil, err
	}
	d.spec.Layers = []compute.Layer{
		{Type: compute.Conv, Filters: 8},
		{Type: compute.MaxPool},
		{Type: compute.Conv, Filters: 16},
		{Type: compute.MaxPool},
		{Type: compute.Flatten},
		{Type: compute.Dropout, Rate: 0.25},
		{Type: compute.Dense, Units: 64},
	}
	rows := file.Rows[:min(l.Tasks, len(file.Rows))]
	if d.inputs, err = file.Inputs(ctx, d.spec.Input, rows, nil); err != nil {
		return nil, err
	}
	for _, r := range rows {
		d.truth = append(d.truth, slices.Index(classes, r.Label))
	}
	return d, nil
}

// passes is how many examples a model is shown in all: a small set more often than a large one.
const passes = 12_000

// learn trains a model on labels, and asks it about every task.
func (d *digits) learn(ctx context.Context, labels []labeling.TrainingLabel, seed uint64, told func(string, int, int)) ([]labeling.Opinion, error) {
	size, classes := len(d.inputs)/len(d.truth), len(d.spec.Classes)
	spec := d.spec
	spec.Training = compute.Training{Epochs: min(max(passes/len(labels), 6), 40), Patience: 40, Seed: seed}
	plan, err := compute.NewPlan(spec)
	if err != nil {
		return nil, err
	}
	e := &compute.Examples{}
	for _, l := range labels {
		e.Tasks, e.Inputs = append(e.Tasks, strconv.Itoa(l.Task)), append(e.Inputs, d.inputs[l.Task*size:(l.Task+1)*size]...)
		for _, ppm := range l.Posterior {
			e.Targets = append(e.Targets, float32(ppm)/1e6)
		}
	}
	split, err := compute.NewSplit(plan, e)
	if err != nil {
		return nil, err
	}
	what := fmt.Sprintf("training on %d labels", len(labels))
	model, err := compute.Train(ctx, gomlx.Trainer{}, plan, split, compute.Options{Report: func(p compute.Progress) { told(what, p.Step, p.Steps) }})
	if err != nil {
		return nil, err
	}
	probabilities, err := model.Predict(ctx, gomlx.Trainer{}, d.inputs)
	if err != nil {
		return nil, err
	}
	opinions := make([]labeling.Opinion, len(d.truth))
	for t := range opinions {
		if opinions[t], err = labeling.NewOpinion(probabilities[t*classes:(t+1)*classes], classes); err != nil {
			return nil, err
		}
	}
	return opinions, nil
}

// Run labels the digits with each crowd, by people alone under several policies and with a model.
func (l Loops) Run(ctx context.Context) ([]Looped, error) {
	d, err := l.readDigits(ctx)
	if err != nil {
		return nil, err
	}
	var out []Looped
	for _, crowd := range loopCrowds {
		loop := labeling.Loop{
			Truth: d.truth, Choices: len(d.spec.Classes), People: l.People, SkillLeast: loopSkillLeast, SkillMost: loopSkillMost, RandomShare: crowd.random,
			GoldShare: loopGoldShare, Help: labeling.Help{Labels: labeling.HelpLabelsDefault, AuditPPM: labeling.AuditPPMDefault, Least: l.Least}, Seed: l.Seed,
		}
		loop.Progress = func(closed, of, _ int) { l.Told(crowd.name, closed, of) }
		var people []Looped
		for _, target := range alone {
			r, err := l.once(ctx, loop, crowd.name, target)
			if err != nil {
				return nil, err
			}
			people = append(people, r)
		}
		out = append(out, people...)
		loop.Learner = func(ctx context.Context, labels []labeling.TrainingLabel) ([]labeling.Opinion, error) {
			return d.learn(ctx, labels, l.Seed, l.Told)
		}
		for _, target := range l.Targets {
			r, err := l.once(ctx, loop, crowd.name, target)
			if err != nil {
				return nil, err
			}
			r.Equal = equal(people, r.Accuracy)
			r.Ratio = r.PerTask / r.Equal
			out = append(out, r)
		}
	}
	return out, nil
}

func (l Loops) once(ctx context.Context, loop labeling.Loop, crowd string, target int) (Looped, error) {
	loop.Policy = polls.Policy{Kind: polls.Confidence, TargetPPM: target, Min: polls.DefaultMin, Max: loopMax}
	got, err := loop.Run(ctx)
	if err != nil {
		return Looped{}, err
	}
	share := func(n, of int) float64 { return float64(n) / float64(max(of, 1)) }
	return Looped{
		Crowd: crowd, Target: float64(target) / 1e6, Model: loop.Learner != nil, Tasks: got.Tasks, Answers: got.Answers, PerTask: share(got.Answers, got.Tasks),
		Accuracy: share(got.Right, got.Tasks), Claimed: share(got.Claims, got.Tasks), Wrong: share(got.Errors, got.Claims), Golds: got.Golds,
		Audits: got.Audits, Assisted: got.Assisted, Alone: got.Alone, Trainings: got.Trainings, Off: got.Off,
	}, nil
}

// equal returns how many answers a task people alone need for an accuracy, between the two policies that it lies between; those
// of the last policy where it is not reached.
func equal(people []Looped, accuracy float64) float64 {
	sorted := slices.SortedFunc(slices.Values(people), func(a, b Looped) int { return cmp.Compare(a.PerTask, b.PerTask) })
	for i, p := range sorted {
		if p.Accuracy < accuracy {
			continue
		}
		if i == 0 {
			return p.PerTask
		}
		before := sorted[i-1]
		return before.PerTask + (p.PerTask-before.PerTask)*(accuracy-before.Accuracy)/(p.Accuracy-before.Accuracy)
	}
	return sorted[len(sorted)-1].PerTask
}
