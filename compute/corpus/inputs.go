package corpus

import (
	"context"
	"fmt"
	"hash/fnv"
	"math"
	"strings"
	"unicode"

	"github.com/tasknet/tasknet/compute"
)

// Examples turns the rows that have labels into what a plan's model learns from. progress may be nil. Pictures that cannot be
// read are errors, with the task that they are of.
func (f *File) Examples(ctx context.Context, p *compute.Plan, progress func(done, of int)) (*compute.Examples, error) {
	e := &compute.Examples{}
	var err error
	if e.Inputs, err = f.Inputs(ctx, p.Spec.Input, f.Rows, progress); err != nil {
		return nil, err
	}
	weighed := false
	for i := range f.Rows {
		target, err := f.Rows[i].target(p.Spec.Classes)
		if err != nil {
			return nil, err
		}
		e.Tasks, e.Targets = append(e.Tasks, f.Rows[i].Key), append(e.Targets, target...)
		weighed = weighed || f.Rows[i].Weight != 0
	}
	if weighed {
		for i := range f.Rows {
			if f.Rows[i].Weight == 0 {
				return nil, badFile("Task %q has no weight, and others have.", f.Rows[i].Key)
			}
			e.Weights = append(e.Weights, float32(f.Rows[i].Weight))
		}
	}
	return e, nil
}

// Inputs turns rows of the file into what a model looks at, whether they have labels or not. progress may be nil.
func (f *File) Inputs(ctx context.Context, in compute.Input, rows []Row, progress func(done, of int)) (inputs []float32, err error) {
	for i := range rows {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		input, err := f.input(in, &rows[i])
		if err != nil {
			return nil, err
		}
		inputs = append(inputs, input...)
		if progress != nil {
			progress(i+1, len(rows))
		}
	}
	return inputs, nil
}

func (f *File) input(in compute.Input, r *Row) ([]float32, error) {
	switch in.Kind {
	case compute.Image:
		shown, err := f.picture(r)
		if err != nil {
			return nil, err
		}
		return shown.input(in), nil
	case compute.Words:
		return bag(r.Text, in.Buckets), nil
	case compute.Tokens:
		return tokens(r.Text, in.Buckets, in.Length), nil
	}
	out := make([]float32, len(in.Columns))
	for i, column := range in.Columns {
		v, err := number(r.Numbers[column])
		if err != nil {
			return nil, badFile("Task %q has %q in the column %s, which is no number.", r.Key, r.Numbers[column], column)
		}
		out[i] = float32((v - in.Mean[i]) / in.Deviation[i])
	}
	return out, nil
}

// Scale finds the mean and the deviation of each column of numbers over the tasks that are trained on.
func (f *File) Scale(p *compute.Plan) error {
	in := &p.Spec.Input
	if in.Kind != compute.Numbers || in.Mean != nil {
		return nil
	}
	for _, column := range in.Columns {
		sum, squares, count := 0.0, 0.0, 0.0
		for i := range f.Rows {
			r := &f.Rows[i]
			if p.HeldOut(r.Key) {
				continue
			}
			v, err := number(r.Numbers[column])
			if err != nil {
				return badFile("Task %q has %q in the column %s, which is no number.", r.Key, r.Numbers[column], column)
			}
			sum, squares, count = sum+v, squares+v*v, count+1
		}
		mean := sum / max(count, 1)
		deviation := math.Sqrt(max(squares/max(count, 1)-mean*mean, 0))
		if deviation < 1e-12*math.Abs(mean) || deviation == 0 {
			deviation = 1 // the same everywhere
		}
		in.Mean, in.Deviation = append(in.Mean, mean), append(in.Deviation, deviation)
	}
	return nil
}

// words are the runs of letters and digits of a text, in lower case.
func words(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) })
}

// bucket is where a word is counted (FNV-1a).
func bucket(word string, buckets int) int {
	h := fnv.New32a()
	fmt.Fprint(h, word)
	return int(h.Sum32() % uint32(buckets))
}

// bag counts words and pairs of words, each as the logarithm of one more, scaled to length 1.
func bag(text string, buckets int) []float32 {
	out := make([]float32, buckets)
	before := ""
	for _, w := range words(text) {
		out[bucket(w, buckets)]++
		if before != "" {
			out[bucket(before+" "+w, buckets)]++
		}
		before = w
	}
	length := 0.0
	for i, n := range out {
		v := math.Log1p(float64(n))
		out[i] = float32(v)
		length += v * v
	}
	if length > 0 {
		for i := range out {
			out[i] = float32(float64(out[i]) / math.Sqrt(length))
		}
	}
	return out
}

// tokens are the first words of a text as numbers from 1; what is after the last is 0.
func tokens(text string, buckets, length int) []float32 {
	out := make([]float32, length)
	for i, w := range words(text) {
		if i == length {
			break
		}
		out[i] = float32(1 + bucket(w, buckets-1))
	}
	return out
}
