package main

import (
	"time"

	"github.com/spf13/pflag"

	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/wire"
)

// templateFlags are the flags that say what is asked of people, of one question or of all of a project.
type templateFlags struct {
	kind                string
	choices             []string
	number              wire.NumberRange
	least, most, length int
	quorum              wire.Quorum
	price               price
	deadline            time.Duration
}

// register adds the flags to those of a command. fallback is the deadline that the server takes when none is given.
func (t *templateFlags) register(f *pflag.FlagSet, fallback string) {
	f.StringVar(&t.kind, "type", "choice", "what an answer is: choice, yes_no, scale, pair, multiple, ranking, number, text, boxes, polygons, mask or spans")
	f.StringArrayVar(&t.choices, "choice", nil, "a choice, or a class of regions or spans; give it several times")
	f.StringVar(&t.number.Min, "range-min", "", "for number: the least")
	f.StringVar(&t.number.Max, "range-max", "", "for number: the greatest")
	f.IntVar(&t.number.Decimals, "decimals", 0, "for number: how many digits after the point, at most 6")
	f.StringVar(&t.number.Unit, "unit", "", "for number: its unit, such as kg")
	f.IntVar(&t.least, "least", 0, "for multiple: the fewest choices to select")
	f.IntVar(&t.most, "most", 0, "for multiple: the most choices to select (default all)")
	f.IntVar(&t.length, "length", 0, "for text: the most characters (default 200)")
	quorumFlags(f, &t.quorum)
	f.Var(&t.price, "price", "what one answer pays (default: the server's)")
	f.DurationVar(&t.deadline, "deadline", 0, "how long a question may stay open, from 10s to 720h (default "+fallback+")")
}

// quorumFlags adds the flags that say how many answers are enough.
func quorumFlags(f *pflag.FlagSet, q *wire.Quorum) {
	f.StringVar(&q.Policy, "policy", "fixed:3", "how many answers are enough: fixed:n (at most 1000, or 100 where an answer is no single choice), or confidence:p; of confidence:p,fixed:n each takes n answers while too few golds are known to trust it (default: half of the most, and no fewer than 3)")
	f.IntVar(&q.Min, "min", 0, "for confidence: never stop under this many answers (default 2)")
	f.IntVar(&q.Max, "max", 0, "for confidence: never ask more than this many people (default 10)")
}

// numberRange returns the range of a number; nil when none was given.
func (t *templateFlags) numberRange() (*wire.NumberRange, error) {
	switch {
	case t.number == wire.NumberRange{}:
		return nil, nil
	case t.number.Min == "" || t.number.Max == "":
		return nil, usagef("a number needs --range-min and --range-max")
	}
	return &t.number, nil
}

// seconds returns the deadline; zero when none was given.
func (t *templateFlags) seconds() (int, error) {
	switch {
	case t.deadline%time.Second != 0 || t.deadline < 0:
		return 0, usagef("--deadline is a number of whole seconds, such as 90s or 24h")
	case t.deadline != 0 && t.deadline < polls.DeadlineMin:
		return 0, usagef("--deadline is %s or more", polls.DeadlineMin)
	}
	return int(t.deadline / time.Second), nil
}
