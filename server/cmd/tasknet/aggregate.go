package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling/aggregate"
	"github.com/tasknet/tasknet/server/interchange"
)

const aboutAggregate = `Make one label, number, text, order or set of regions of what several people answered,
and say how sure it is.

The answers are CSV, tab-separated text, JSON lines or Parquet, which is told from the
content and the name, and - is standard input. The columns are task (or question, item),
worker, and answer (or label), in any order; others are ignored. Tab-separated text may
have worker, task and answer without a header. A truth file has task and truth (or label).

--family says what the answers are, and --method what to do with them. auto, which is the
default, takes the one that is best for these answers, and says which and why:
  labels     one of some classes
    majority   the most frequent answer; its confidence is the share that gave it
    wawa       weighed by agreement with the majority
    zbs        zero-based skill: weighed by agreement with what is so weighed
    onecoin    Dawid and Skene with one accuracy a worker
    ds         Dawid and Skene with a confusion matrix a worker
    ibcc       the same with a prior on the matrices
    glad       workers' ability and tasks' easiness
    mace       workers who know or guess
    kos        messages between workers and tasks, for two classes
  multiple   any of some options: ["cat","dog"], or cat|dog; each option is a question of
             its own, with the methods for labels
  scale      one of some classes with an order: numbers, or those of --classes
    mean       of the places
    ordinal    Dawid and Skene with a bias and a spread for each worker
  numbers
    median     of the answers to each task
    mean       weighted, with a bias and a spread for each worker
  text
    rover      a vote on each word of answers that are alike, else the nearest to all
  ranking    some items, the best first: ["tea","milk"], or tea>milk
    plackettluce   the model of Plackett and Luce
    borda          mean places
  pairs      the columns are worker, left, right and answer, which is one of the two
             items, or left, right or tie
    bt         Bradley and Terry
    noisybt    the same with a skill for each worker
  spans      [{"class":0,"start":4,"end":9}], a vote on each position
  boxes      [{"class":0,"x":10,"y":20,"w":30,"h":40}], matched and weighted
  polygons   [{"class":0,"points":[0,0,9,0,9,9]}], matched and voted on
  mask       [{"class":0,"counts":[100,5,895]}], run lengths as COCO has them
    staple     with a sensitivity and a specificity for each worker
    majority   of the workers, for each pixel

auto never sees the truth that accuracy is measured on. With --gold-rate it is given that
share of the truth as gold, drawn by the seed, and accuracy is measured on the other
tasks. Without, it goes by how well each method predicts answers it has not seen, and
takes the plainer one where that makes no difference. Where a family has one method, gold
has nothing to choose.

The truth of pairs has item and truth, a number that is higher for the better ones; that
of regions has them as answers do. A label is right as a whole when each of its regions
overlaps a true one of its class by half of both together, and none is left over; of spans,
when the same is marked. Its score is 1 then, and else the share that matches (F1).

An answer cannot_tell (--cannot-tell) counts for nothing, in every family.

--out writes a row for each task that has a verdict: task, label, confidence and the
probability of each class (one that nobody chose may be missing); for scales task, label,
value, low, high and the distribution; for numbers task, value, low and high; for pairs
item, rank, score, low and high; for what else there is, task, label and how sure it is,
where a label that is a list is JSON.

--skills writes a row for each worker: how many answers they gave, and how good these are,
with an interval of 95 %: skill, the share that is right; of numbers and scales bias and
spread; of masks sensitivity and specificity. What is not known is empty.

--stop P does something else with the answers: it asks them again, one after the other in
random order, stops each task when it can be told with confidence P or more answers are
not worth their price, and prints how many that took and how right it was, beside the
majority of all answers. People's skills are learned on the way, from tasks that have
closed and from the gold of --gold-rate. A confidence is claimed only where enough gold
shows that it holds; with fewer than 59 golds each task takes as many answers as --fallback
says.

A row that cannot be read, and a second answer of a worker to a task, ends the command
with status 2 and a list of lines, unless --skip-malformed leaves it out.`

// aggregation is what to make of which answers.
type aggregation struct {
	answers       string
	truth         string
	familyName    string // "" where the method tells
	method        string
	iterations    int
	goldRate      float64
	seed          uint64
	out           string
	skills        string
	cannotTell    string
	classes       []string
	skipMalformed bool
	stop          stopping

	family family // as resolved
}

// options are those of methods for labels. of is what they are applied to, where that is more than one thing.
func (a aggregation) options(bar *bar, of string) aggregate.Options {
	return aggregate.Options{
		Iterations: a.iterations, Exactly: a.iterations > 0, Seed: a.seed,
		Progress: bar.progress("iterations" + of), Compared: bar.progress("choosing a method" + of),
	}
}

// aggregated is what came of it.
type aggregated struct {
	Family   string   `json:"family"`
	Method   string   `json:"method"`
	Reason   string   `json:"reason,omitempty"` // that auto chose it for
	Tasks    int      `json:"tasks"`
	Answers  int      `json:"answers"`
	Workers  int      `json:"workers"`
	Classes  int      `json:"classes"`
	Accuracy *float64 `json:"accuracy"` // share of verdicts that are right as a whole; null without truth, and for numbers
	MAE      *float64 `json:"mae,omitempty"`
	Pearson  *float64 `json:"pearson,omitempty"`

	OptionAccuracy *float64 `json:"option_accuracy,omitempty"` // share of options that are rightly selected or not
	Score          *float64 `json:"score,omitempty"`           // of labels that are regions, their mean: labeling.Score
	Spearman       *float64 `json:"spearman,omitempty"`        // of the items of pairs: of their scores with the true ones
	WordErrorRate  *float64 `json:"word_error_rate,omitempty"`
	Kendall        *float64 `json:"kendall,omitempty"`   // of orders: 1 when all pairs of items are right, -1 when none is
	Agreement      *float64 `json:"agreement,omitempty"` // of answers to a task that several gave, on average
	Fleiss         *float64 `json:"fleiss_kappa,omitempty"`
	Alpha          *float64 `json:"krippendorff_alpha,omitempty"`

	Judged  int `json:"judged,omitempty"` // tasks with a verdict and a truth that is not gold
	Gold    int `json:"gold,omitempty"`
	Skipped int `json:"skipped,omitempty"` // malformed rows that were left out

	Iterations  int     `json:"iterations"`
	ReadSeconds float64 `json:"read_seconds"`
	Seconds     float64 `json:"seconds"`        // without reading and writing
	PeakRSS     int64   `json:"peak_rss_bytes"` // of the whole process; 0 where it cannot be read

	LogLikelihood *float64 `json:"log_likelihood,omitempty"` // of all answers, where the method is a model of them

	candidates []aggregate.Candidate
	people     people
}

func (p *program) aggregate() *cobra.Command {
	var a aggregation
	asJSON := false
	cmd := &cobra.Command{
		Use: "aggregate", Short: "Make one label of what several people answered", Long: aboutAggregate, Args: cobra.NoArgs,
		Example: `  tasknet aggregate --answers answers.csv --out verdicts.csv
  tasknet aggregate --answers answers.parquet --truth truth.csv --gold-rate 0.1 --json
  tasknet aggregate --answers - --method ds --iterations 50 < answers.tsv
  tasknet aggregate --answers boxes.csv --family boxes --out verdicts.jsonl
  tasknet aggregate --answers answers.csv --truth truth.csv --stop 0.95 --gold-rate 0.1`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := a.resolve(); err != nil {
				return err
			}
			if err := a.check(); err != nil {
				return err
			}
			bar := p.newBar(asJSON)
			defer bar.end()
			if a.stop.confidence != 0 {
				report, err := p.runStopping(cmd.Context(), a, bar)
				bar.end()
				switch {
				case err != nil:
					return unfit(err)
				case asJSON:
					return p.printJSON(report)
				}
				return p.printStopped(report, a.stop.confidence)
			}
			report, err := p.runAggregate(cmd.Context(), a, bar)
			bar.end()
			switch {
			case err != nil:
				return unfit(err)
			case asJSON:
				return p.printJSON(report)
			}
			return p.printAggregated(report, a.out)
		},
	}
	f := cmd.Flags()
	f.StringVar(&a.answers, "answers", "", "`file` of the answers, or - for standard input (required)")
	f.StringVar(&a.truth, "truth", "", "`file` of what is true, to measure accuracy")
	f.StringVar(&a.familyName, "family", "", "what the answers are, see above (default: what the method is for, or labels)")
	f.StringVar(&a.method, "method", "auto", "how to make one of several, see above")
	f.IntVar(&a.iterations, "iterations", 0, "take exactly this many (default: until nothing changes)")
	f.Float64Var(&a.goldRate, "gold-rate", 0, "share of the truth that auto may see, and accuracy leaves out")
	f.Uint64Var(&a.seed, "seed", 1, "decides what is gold, and all else that is drawn")
	f.StringVar(&a.out, "out", "", "`file` for the verdicts: JSON lines if it ends in .jsonl, else CSV")
	f.StringVar(&a.skills, "skills", "", "`file` for what is known of each worker: JSON lines if it ends in .jsonl, else CSV")
	f.StringVar(&a.cannotTell, "cannot-tell", "cannot_tell", "the `answer` that says that the worker cannot tell; spaces may be underscores")
	f.StringSliceVar(&a.classes, "classes", nil, "labels that could be answered, in case some never were; of a scale, in its order")
	f.BoolVar(&a.skipMalformed, "skip-malformed", false, "leave rows out that cannot be read, and go on")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	a.stop.flags(f)
	return cmd
}

// unfit marks an error of what was asked, or of the answers, as that.
func unfit(err error) error {
	if e, ok := errors.AsType[*tasknet.Error](err); ok && (e.Kind == tasknet.Invalid || e.Kind == tasknet.TooLarge) {
		return usagef("%v", err)
	}
	return err
}

func (a aggregation) check() error {
	switch {
	case a.stop.confidence != 0 && (a.out != "" || a.skills != "" || a.method != "auto" || a.iterations != 0):
		return usagef("--stop makes no verdicts to keep and has its own method: leave out --out, --skills, --method and --iterations")
	case a.stop.confidence != 0 && !(a.stop.confidence >= 0.5 && a.stop.confidence < 1):
		return usagef("--stop is a confidence from 0.5 until 1")
	case a.stop.confidence == 0 && a.stop.given():
		return usagef("--min, --max, --fallback, --seeds, --file-order and --routed go with --stop")
	case a.answers == "":
		return usagef("give the file of the answers by --answers")
	case a.answers == "-" && a.truth == "-":
		return usagef("--answers and --truth cannot both be standard input")
	case a.iterations < 0:
		return usagef("--iterations is not under 0")
	case !(a.goldRate >= 0 && a.goldRate < 1):
		return usagef("--gold-rate is from 0 until 1")
	case a.goldRate > 0 && a.truth == "":
		return usagef("--gold-rate takes gold from the truth; give it by --truth")
	case a.stop.confidence != 0 && a.family.name != "labels":
		return usagef("--stop is for labels")
	case a.goldRate > 0 && !a.family.gold:
		return usagef("--gold-rate is not for %s", a.family.name)
	case a.classes != nil && !a.family.classes:
		return usagef("--classes is not for %s", a.family.name)
	case slices.ContainsFunc(a.classes, func(class string) bool { return trimmed(class) == "" }):
		return usagef("--classes has a label without a name")
	case a.iterations > 0 && !a.family.iterate:
		return usagef("--iterations is for labels, and methods for %s end by themselves", a.family.name)
	}
	return nil
}

func trimmed(s string) string { return strings.TrimSpace(s) }

func (p *program) runAggregate(ctx context.Context, a aggregation, bar *bar) (report aggregated, err error) {
	report, err = a.family.run(p, ctx, a, bar)
	report.Family = a.family.name
	if err == nil && a.skills != "" {
		err = report.people.write(ctx, a.skills, bar)
	}
	report.PeakRSS = peakMemory()
	return report, err
}

// readRecorded reads a file, or standard input, and shows how far it is.
func readRecorded[T any](name string, bar *bar, read func(interchange.File) (T, error)) (T, error) {
	from := func(in io.Reader) (T, error) {
		size := int64(0)
		if f, ok := in.(*os.File); ok {
			if info, err := f.Stat(); err == nil {
				size = info.Size()
			}
		}
		return read(interchange.File{Reader: in, Name: name, Progress: func(done int64) {
			bar.show("reading (MiB)", int(done>>20), int(max(size, done)>>20))
		}})
	}
	if name == "-" {
		v, err := from(os.Stdin)
		if err != nil {
			err = fmt.Errorf("standard input: %w", err)
		}
		return v, err
	}
	return readFile(name, from)
}

// readValues reads answers of any form.
func readValues[T any](ctx context.Context, p *program, a aggregation, bar *bar, parse func([]byte) (T, error)) (*interchange.Values[T], error) {
	answers, err := readRecorded(a.answers, bar, func(f interchange.File) (*interchange.Values[T], error) {
		return interchange.ReadValues(ctx, f, a.cannotTell, parse)
	})
	if err != nil {
		return nil, err
	}
	return answers, p.skip(a.answers, answers.Malformed, a, bar)
}

// readKnown reads truths of any form; nil without a file of them. Rows that are left out are counted in the report.
func readKnown[T any](ctx context.Context, p *program, a aggregation, bar *bar, r *aggregated, parse func([]byte) (T, error), same func(a, b T) bool) (*interchange.Known[T], error) {
	if a.truth == "" {
		return nil, nil //nolint:nilnil // no file is no error
	}
	truth, err := readRecorded(a.truth, bar, func(f interchange.File) (*interchange.Known[T], error) {
		return interchange.ReadKnown(ctx, f, parse, same)
	})
	if err != nil {
		return nil, err
	}
	r.Skipped += truth.Malformed.Count
	return truth, p.skip(a.truth, truth.Malformed, a, bar)
}

// read fills in what reading shows.
func (r *aggregated) read(a aggregation, began time.Time, tasks, answers, workers int, malformed interchange.Malformed) {
	r.ReadSeconds, r.Method = since(began), a.method
	r.Tasks, r.Answers, r.Workers = tasks, answers, workers
	r.Skipped += malformed.Count
}

// rowsOf says who answered what.
func rowsOf[T any](v *interchange.Values[T]) aggregate.Rows {
	return aggregate.Rows{TaskCount: v.Tasks.Len(), WorkerCount: v.Workers.Len(), Tasks: v.Task, Workers: v.Worker, CannotTell: v.CannotTell}
}

// skip reports malformed rows, and says whether to go on without them.
func (p *program) skip(file string, m interchange.Malformed, a aggregation, bar *bar) error {
	if m.Count == 0 {
		return nil
	}
	bar.clear()
	for _, row := range m.First {
		fmt.Fprintf(p.err, "%s: line %d: %s\n", file, row.Line, row.Problem)
	}
	if more := m.Count - len(m.First); more > 0 {
		fmt.Fprintf(p.err, "%s: and %d more\n", file, more)
	}
	if a.skipMalformed {
		fmt.Fprintf(p.err, "%s: malformed rows that are left out: %d\n", file, m.Count)
		return nil
	}
	return usagef("%s: malformed rows: %d; mend them, or leave them out by --skip-malformed", file, m.Count)
}

// peakMemory is the most memory that this process ever had, where the system says it.
func peakMemory() int64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if size, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kilobytes, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(size), " kB"), 10, 64)
			if err != nil {
				return 0
			}
			return kilobytes << 10
		}
	}
	return 0
}

func (p *program) printAggregated(r aggregated, out string) error {
	var b strings.Builder
	row := func(title, format string, args ...any) {
		fmt.Fprintf(&b, "%-18s "+format+"\n", append([]any{title}, args...)...)
	}
	row("method", "%s", r.Method)
	if r.Reason != "" {
		row("why", "%s", r.Reason)
	}
	row("tasks", "%d", r.Tasks)
	row("answers", "%d", r.Answers)
	row("workers", "%d", r.Workers)
	if r.Classes > 0 {
		row("classes", "%d", r.Classes)
	}
	if r.Skipped > 0 {
		row("malformed rows", "%d, left out", r.Skipped)
	}
	if r.Gold > 0 {
		row("gold", "%d tasks, which are not in the accuracy", r.Gold)
	}
	if r.Accuracy != nil {
		row("accuracy", "%.4f on %d tasks with truth", *r.Accuracy, r.Judged)
	}
	if r.MAE != nil {
		row("mean abs. error", "%.6g on %d tasks with truth", *r.MAE, r.Judged)
	}
	if r.Pearson != nil {
		row("Pearson", "%.4f", *r.Pearson)
	}
	if r.OptionAccuracy != nil {
		row("of each option", "%.4f", *r.OptionAccuracy)
	}
	if r.Score != nil {
		row("score", "%.4f", *r.Score)
	}
	if r.Spearman != nil {
		row("Spearman's rho", "%.4f on %d items with truth", *r.Spearman, r.Judged)
	}
	if r.WordErrorRate != nil {
		row("word error rate", "%.4f", *r.WordErrorRate)
	}
	if r.Kendall != nil {
		row("Kendall's tau", "%.4f", *r.Kendall)
	}
	if r.Agreement != nil {
		row("agreement", "%.4f", *r.Agreement)
	}
	if r.Fleiss != nil {
		row("Fleiss' kappa", "%.4f", *r.Fleiss)
	}
	if r.Alpha != nil {
		row("Krippendorff alpha", "%.4f", *r.Alpha)
	}
	if r.LogLikelihood != nil {
		row("log-likelihood", "%.6g", *r.LogLikelihood)
	}
	row("read", "in %.2f s", r.ReadSeconds)
	row("computed", "in %.2f s, %d iterations", r.Seconds, r.Iterations)
	row("memory", "at most %.0f MiB", float64(r.PeakRSS)/(1<<20))
	if out != "" {
		row("verdicts", "%s", out)
	}
	if r.candidates != nil {
		fmt.Fprintf(&b, "\n%-10s %12s %8s %8s\n", "", "predicts", "stable", "gold")
		for _, c := range r.candidates {
			gold, note := "", ""
			if c.Gold.Known() {
				gold = fmt.Sprintf("%.4f", c.Gold.Value)
			}
			if c.RuledOut {
				note = "  ruled out by gold"
			}
			fmt.Fprintf(&b, "%-10s %12.4f %8.4f %8s%s\n", c.Method, c.Predicted.Value, c.Stable, gold, note)
		}
		fmt.Fprintln(&b, "predicts: mean log-probability of answers that were held back; stable: share of verdicts that stay without a fifth")
	}
	return p.printf("%s", b.String())
}

// since is the time from start, in seconds.
func since(start time.Time) float64 { return time.Since(start).Seconds() }
