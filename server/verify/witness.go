package verify

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/wire"
)

// helpedBy returns the snapshot as the model helped it that the verdict names, or the snapshot itself when it names none. What the
// model's word was worth is of the question's project, goes with the snapshot, and was known before the first answer came, as
// far as the time that it states is true; golds are closed by people alone.
func (v *verification) helpedBy(ctx context.Context, q *polls.Question, r wire.Record, s *labeling.Snapshot, wrong func(string, any, any) error) (*labeling.Snapshot, error) {
	said := r.Verdict.Model
	switch {
	case said == nil:
		return s, nil
	case s == nil || q.Policy.Kind != polls.Confidence:
		return nil, wrong("verdict model", "none, as none can help", said.Witness)
	case r.Gold != nil:
		return nil, wrong("verdict model", "none, as people close golds alone", said.Witness)
	}
	opinion, err := said.Read()
	if err == nil {
		err = labeling.Opinion(opinion).Check(len(q.Choices))
	}
	if err != nil {
		return nil, wrong("verdict opinion", "a probability for each choice, with the sum 1", err)
	}
	helped, err := v.snapshots.Helped(ctx, said.Witness)
	if m, ok := errors.AsType[*Mismatch](err); ok {
		return nil, m
	}
	if err != nil {
		return nil, err
	}
	w := helped.Witness
	if string(w.Project) != q.Project || w.Project == "" {
		return nil, wrong("verdict witness", "one of project "+q.Project, w.Project)
	}
	if w.Skills != s.Hash {
		return nil, wrong("verdict witness", "one that goes with snapshot "+s.Hash, w.Skills)
	}
	if len(r.Answers) > 0 {
		if first := time.UnixMilli(r.Answers[0].At); w.At.After(first.Add(clocksApart)) {
			return nil, wrong("verdict witness", "one from before the first answer, at "+timeText(first), timeText(w.At))
		}
	}
	return helped.Hearing(opinion), nil
}

// logWitness looks for what a model's word was worth in the public log, once.
func (v *verification) logWitness(w *labeling.WitnessSnapshot) error {
	if w == nil || v.log == nil || v.witnesses[w.Hash] {
		return nil
	}
	v.witnesses[w.Hash] = true
	leaf, err := w.Leaf(v.instance)
	if err == nil {
		v.log.has(logLeaf{"witness", w.Hash, leaf, w.At})
	}
	return err
}

func textOf(m *wire.ModelWord) string {
	if m == nil {
		return "none"
	}
	return fmt.Sprint(m.Witness, m.Opinion)
}

// Witness returns what a model's word was worth, whose hash is right.
func (p public) Witness(ctx context.Context, hash string) (*labeling.WitnessSnapshot, error) {
	in, err := p.source.Witness(ctx, hash)
	if e, ok := errors.AsType[*tasknet.Error](err); ok && e.Kind == tasknet.NotFound {
		return nil, &Mismatch{"witness", hash, "hash", "a witness that is public", "none"}
	}
	if err != nil {
		return nil, err
	}
	w := labeling.Witness{Choices: in.Choices, Counts: in.Counts, Calibration: labeling.Calibration{Golds: in.Golds, Steps: make([]labeling.Step, len(in.Steps))}}
	for i, step := range in.Steps {
		w.Calibration.Steps[i] = labeling.Step(step)
	}
	known, err := labeling.NewWitness(w)
	if err != nil {
		return nil, &Mismatch{"witness", hash, "counts", "ones that can be", err.Error()}
	}
	out, err := labeling.NewWitnessSnapshot(labeling.WitnessSnapshot{
		Project: labeling.ProjectID(in.Project), Version: in.Version, Skills: in.Skills, Model: labeling.HelpModel(in.Model), Audits: in.Audits, Share: in.AuditPPM, At: in.At.Time, Known: known,
	})
	if err != nil {
		return nil, &Mismatch{"witness", hash, "counts", "ones that have a hash", err.Error()}
	}
	if out.Hash != hash || in.Hash != hash {
		return nil, &Mismatch{"witness", hash, "hash", out.Hash, in.Hash}
	}
	return out, nil
}
