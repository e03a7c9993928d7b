package verify

import (
	"context"
	"iter"

	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/ordered"
	"github.com/tasknet/tasknet/server/wire"
)

// Signatures cost half as much in a batch of a thousand, and the curve is flat after. Questions with few answers still cost
// something each.
const (
	batchAnswers = 1024
	batchRecords = 1024
)

// records yields closed questions in their order, checked on all processors.
func (v *verification) records(ctx context.Context) iter.Seq2[*checked, error] {
	return func(yield func(*checked, error) bool) {
		check := func(batch []wire.Record) ([]checkedOrNot, error) { return v.checkAll(ctx, batch), nil }
		for batch, err := range ordered.Map(batches(v.source.Records(ctx)), check) {
			if err != nil {
				yield(nil, err)
				return
			}
			for _, c := range batch {
				if !yield(c.checked, c.err) || c.err != nil {
					return
				}
			}
		}
	}
}

// batches puts records together that are checked together.
func batches(records iter.Seq2[wire.Record, error]) iter.Seq2[[]wire.Record, error] {
	return func(yield func([]wire.Record, error) bool) {
		var batch []wire.Record
		answers := 0
		for r, err := range records {
			if err != nil {
				if len(batch) == 0 || yield(batch, nil) { // what came before it is looked at first
					yield(nil, err)
				}
				return
			}
			batch, answers = append(batch, r), answers+len(r.Answers)
			if answers >= batchAnswers || len(batch) >= batchRecords {
				if !yield(batch, nil) {
					return
				}
				batch, answers = nil, 0
			}
		}
		if len(batch) > 0 {
			yield(batch, nil)
		}
	}
}

// checkedOrNot is a question, or why its record does not fit.
type checkedOrNot struct {
	checked *checked
	err     error
}

// checkAll checks records, and the signatures of all their answers at once. After the first that does not fit there is no
// other.
func (v *verification) checkAll(ctx context.Context, records []wire.Record) []checkedOrNot {
	all := make([]checkedOrNot, 0, len(records))
	var signed []polls.Signed
	for _, r := range records {
		c, digests, err := v.check(ctx, r)
		signed = append(signed, digests...)
		if all = append(all, checkedOrNot{c, err}); err != nil {
			break
		}
	}
	good := polls.CheckSignatures(signed)
	for i := range all {
		if all[i].err != nil {
			break
		}
		for _, answer := range records[i].Answers {
			if answer.Erased != nil {
				continue
			}
			if !good[0] {
				all[i].err = &Mismatch{"answer", answer.ID, "signature", "one by device " + signed[0].Device.String(), answer.Signature}
				return all[:i+1]
			}
			good, signed = good[1:], signed[1:]
		}
	}
	return all
}
