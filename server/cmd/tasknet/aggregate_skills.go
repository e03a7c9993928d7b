package main

import (
	"bytes"
	"context"
	"encoding/json"
	"strconv"

	"github.com/tasknet/tasknet/labeling/aggregate"
	"github.com/tasknet/tasknet/server/interchange"
)

// people is what a method makes of those who answered.
type people struct {
	names   *interchange.Names
	answers []int // of each, of all kinds
	skills  []skill
}

// skill is something that is known of each worker, with its interval.
type skill struct {
	name string
	of   []aggregate.Estimate
}

// who counts the answers of each worker.
func who(names *interchange.Names, worker []int32) people {
	p := people{names: names, answers: make([]int, names.Len())}
	for _, w := range worker {
		p.answers[w]++
	}
	return p
}

// skillsOf lists what is thought of workers who gave labels.
func skillsOf(workers []aggregate.Worker) []skill {
	s := skill{"skill", make([]aggregate.Estimate, len(workers))}
	for w := range workers {
		s.of[w] = workers[w].Skill
	}
	return []skill{s}
}

// write writes a row for each worker.
func (p people) write(ctx context.Context, name string, bar *bar) error {
	header := []string{"worker", "answers"}
	for _, s := range p.skills {
		header = append(header, s.name, s.name+"_low", s.name+"_high")
	}
	return writeVerdicts(ctx, name, header, p.names.Len(), bar, func(w int) (verdict, bool) {
		row := personRow{worker: p.names.Of(int32(w)), answers: p.answers[w], columns: header[2:]}
		for _, s := range p.skills {
			e := s.of[w]
			row.values = append(row.values, finite(e.Value), finite(e.Low), finite(e.High))
		}
		return row, true
	})
}

// personRow is a row of a file of workers. What is not known is empty, and null in JSON.
type personRow struct {
	worker  string
	answers int
	columns []string
	values  []*float64
}

func (r personRow) cells() ([]string, error) {
	out := []string{r.worker, strconv.Itoa(r.answers)}
	for _, v := range r.values {
		out = append(out, cell(v))
	}
	return out, nil
}

// MarshalJSON writes the columns in their order.
func (r personRow) MarshalJSON() ([]byte, error) {
	worker, err := json.Marshal(r.worker)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	b.WriteString(`{"worker":`)
	b.Write(worker)
	b.WriteString(`,"answers":` + strconv.Itoa(r.answers))
	for i, v := range r.values {
		number, err := json.Marshal(v)
		if err != nil {
			return nil, err
		}
		b.WriteString(`,"` + r.columns[i] + `":`)
		b.Write(number)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}
