package aggregate

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tasknet/tasknet"
)

// Texts are answers that are a text each. An empty text says that there is nothing to write.
type Texts struct {
	Rows
	Texts []string // per row; ignored where the worker could not tell
}

// TextsBytesMax is the longest text.
const TextsBytesMax = 65_536

// ErrTextTooLong reports a text over TextsBytesMax.
var ErrTextTooLong = tasknet.NewError(tasknet.TooLarge, "text_too_long", "A text has at most 65536 bytes.")

// TextsMethod says how a text was made of the answers.
type TextsMethod string

// The methods.
const (
	TextsNone   TextsMethod = "none"   // nobody answered
	TextsMedoid TextsMethod = "medoid" // the answer that is nearest to the others
	TextsRover  TextsMethod = "rover"  // a vote on each token of the aligned answers
)

// TextsVerdict is the text that answers come to.
type TextsVerdict struct {
	Text    string
	Method  TextsMethod
	Answers int

	// Agreement is how alike the answers are to Text, from 0 to 1, weighted as in a vote: one less the edit distance over
	// the tokens of the longer text. NaN without answers.
	Agreement float64

	// Support is the same with an interval, of so many people as answered.
	Support Estimate

	// Shares is, for TextsRover, the share of the weight that each token of Text has.
	Shares []float64
}

// TextsResult is the texts of all tasks. There is no likelihood: it would take the probability of every word that somebody may
// write in place of another, which a few answers do not show.
type TextsResult struct {
	Texts  []TextsVerdict // per task
	Skills []Estimate     // per worker, how alike their texts are to the others'; unknown for who answered no task that others did
	Convergence
}

// When texts are aligned: with three there is a vote, tokens of answers that differ more than this on average are not in
// one order, and alignment costs the product of the lengths.
const (
	roverAnswersMin  = 3
	roverDistanceMax = 0.5
	roverTokensMax   = 4096
)

// TextsFuse makes one text of the answers to each task. Texts are compared token by token, as they are: case and
// punctuation count, the kind of white space does not. Tokens are words, or the characters with their marks where no
// answer to the task has two words (a plate, a name, a text in a script without spaces).
//
// Answers that are much alike, such as transcripts, are aligned and voted on token by token, as in ROVER of Fiscus, ASRU
// 1997: the nearest to all first, the others in the order of their distance to it. Two answers, and answers that differ
// by more than half, such as free descriptions, are not mixed: the one at the smallest distance to the others is taken.
// A worker's skill s is the mean likeness of their texts to the others', weighted by the skill of those in turn; in a
// vote, and for the nearest, their text weighs s/(1-s). O(answers^2 length^2/64) per task for distances, and O(answers length^2) for alignment; a task with a text of
// more than 4096 tokens is not aligned.
func TextsFuse(ctx context.Context, texts Texts, progress Progress) (*TextsResult, error) {
	x, err := texts.index()
	if err != nil {
		return nil, err
	}
	tasks := make([]textTask, texts.TaskCount)
	for t := range tasks {
		if err := progress.step(ctx, t, 2*len(tasks)); err != nil {
			return nil, err
		}
		tasks[t] = newTextTask(&texts, x.of(t))
	}
	out := &TextsResult{Texts: make([]TextsVerdict, len(tasks)), Convergence: Convergence{LogLikelihood: math.NaN()}}
	weight, err := texts.weigh(ctx, tasks, out)
	if err != nil {
		return nil, err
	}
	for w, s := range weight {
		weight[w] = s / (1 - s)
	}
	for t := range tasks {
		if err := progress.step(ctx, len(tasks)+t, 2*len(tasks)); err != nil {
			return nil, err
		}
		out.Texts[t] = tasks[t].decide(weight)
	}
	return out, nil
}

func (t *Texts) index() (*rowIndex, error) {
	x, err := t.Rows.index()
	if err != nil {
		return nil, err
	}
	if len(t.Texts) != len(t.Tasks) {
		return nil, badAnswers(fmt.Sprintf("there are %d texts for %d rows", len(t.Texts), len(t.Tasks)))
	}
	for _, row := range x.rows {
		if n := len(t.Texts[row]); n > TextsBytesMax {
			return nil, fmt.Errorf("answer %d has %d bytes: %w", row, n, ErrTextTooLong)
		}
		if !utf8.ValidString(t.Texts[row]) {
			return nil, badRow(int(row), "it is not UTF-8")
		}
	}
	return x, nil
}

// textTask is the answers to one task, by worker.
type textTask struct {
	workers   []int32
	texts     []string
	tokens    [][]int32
	words     []string // the tokens
	separator string
	distance  [][]float64 // 0 for texts that are alike, 1 for those without a token in common
}

func newTextTask(t *Texts, rows []int32) textTask {
	task := textTask{}
	split := characters
	for _, row := range rows {
		task.workers, task.texts = append(task.workers, t.Workers[row]), append(task.texts, t.Texts[row])
		if len(strings.Fields(t.Texts[row])) > 1 {
			split, task.separator = strings.Fields, " "
		}
	}
	number := make(map[string]int32)
	for _, text := range task.texts {
		var tokens []int32
		for _, word := range split(text) {
			if _, seen := number[word]; !seen {
				number[word] = int32(len(task.words))
				task.words = append(task.words, word)
			}
			tokens = append(tokens, number[word])
		}
		task.tokens = append(task.tokens, tokens)
	}
	task.distance = make([][]float64, len(rows))
	for i := range rows {
		task.distance[i] = make([]float64, len(rows))
		for j := range i {
			d := relativeDistance(task.tokens[i], task.tokens[j])
			task.distance[i][j], task.distance[j][i] = d, d
		}
	}
	return task
}

// characters cuts a text into characters, each with the marks and joiners that follow it, without white space.
func characters(text string) []string {
	var out []string
	joined := false
	for _, r := range text {
		const joiner = '\u200d'
		switch {
		case unicode.IsSpace(r):
			joined = false
		case len(out) > 0 && (joined || r == joiner || unicode.Is(unicode.M, r) || unicode.Is(unicode.Variation_Selector, r) || 0x1f3fb <= r && r <= 0x1f3ff):
			out[len(out)-1] += string(r)
			joined = r == joiner
		default:
			out = append(out, string(r))
			joined = false
		}
	}
	return out
}

func relativeDistance(a, b []int32) float64 {
	return float64(EditDistance(a, b)) / float64(max(1, len(a), len(b)))
}

// weigh finds the skill of each worker.
func (t *Texts) weigh(ctx context.Context, tasks []textTask, out *TextsResult) ([]float64, error) {
	skill, next := make([]float64, t.WorkerCount), make([]float64, t.WorkerCount)
	sum, square, n := make([]float64, t.WorkerCount), make([]float64, t.WorkerCount), make([]float64, t.WorkerCount)
	for w := range skill {
		skill[w] = 1
	}
	for out.Iterations < skillRoundsMax && !out.Converged {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		out.Iterations++
		clear(sum)
		clear(square)
		clear(n)
		for i := range tasks {
			task := &tasks[i]
			for a, w := range task.workers {
				alike, weights := 0.0, 0.0
				for b, v := range task.workers {
					if a != b {
						alike += skill[v] * (1 - task.distance[a][b])
						weights += skill[v]
					}
				}
				if weights > 0 {
					sum[w] += alike / weights
					square[w] += alike / weights * alike / weights
					n[w]++
				}
			}
		}
		change := 0.0
		for w := range next {
			next[w] = (sum[w] + skillPrior/2) / (n[w] + skillPrior)
			change = max(change, math.Abs(next[w]-skill[w]))
		}
		skill, next = next, skill
		out.Converged = change < skillTolerance
	}
	out.Skills = make([]Estimate, t.WorkerCount)
	for w := range out.Skills {
		out.Skills[w] = meanOf(sum[w], square[w], n[w])
	}
	return skill, nil
}

// meanOf is the estimate of the mean of n values from 0 to 1 with the given sum and sum of squares.
func meanOf(sum, square, n float64) Estimate {
	switch {
	case n == 0:
		return unknown
	case n < 2:
		return Estimate{sum, 0, 1}
	}
	mean := sum / n
	e := around(mean, max(0, square/n-mean*mean)/(n-1))
	return Estimate{mean, max(0, e.Low), min(1, e.High)}
}

func (t *textTask) decide(weight []float64) TextsVerdict {
	v := TextsVerdict{Method: TextsNone, Answers: len(t.texts), Agreement: math.NaN(), Support: unknown}
	if v.Answers == 0 {
		return v
	}
	order := make([]int, len(t.texts)) // the nearest to all, then by the distance to it
	far := make([]float64, len(t.texts))
	longest, distances, pairs := 0, 0.0, 0.0
	for i := range t.texts {
		order[i] = i
		longest = max(longest, len(t.tokens[i]))
		for j := range t.texts {
			product := weight[t.workers[i]] * weight[t.workers[j]]
			far[i] += weight[t.workers[j]] * t.distance[i][j]
			if i != j {
				distances += product * t.distance[i][j]
				pairs += product
			}
		}
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(far[i], far[j]) })
	medoid := order[0]
	v.Method, v.Text = TextsMedoid, t.texts[medoid]
	tokens := t.tokens[medoid]
	if v.Answers >= roverAnswersMin && longest <= roverTokensMax && distances <= roverDistanceMax*pairs && distances > 0 {
		slices.SortStableFunc(order[1:], func(i, j int) int { return cmp.Compare(t.distance[medoid][i], t.distance[medoid][j]) })
		var n network
		for _, i := range order {
			n.align(t.tokens[i], weight[t.workers[i]])
		}
		v.Method = TextsRover
		tokens, v.Shares = n.decide()
		v.Text = t.join(tokens)
	}
	alike, weights, squares := 0.0, 0.0, 0.0
	for i, own := range t.tokens {
		w := weight[t.workers[i]]
		alike += w * (1 - relativeDistance(own, tokens))
		weights += w
		squares += w * w
	}
	v.Agreement = alike / weights
	v.Support = support(v.Agreement, weights, squares)
	return v
}

func (t *textTask) join(tokens []int32) string {
	words := make([]string, len(tokens))
	for i, token := range tokens {
		words[i] = t.words[token]
	}
	return strings.Join(words, t.separator)
}
