package pipeline

import (
	"context"
	"sync"
	"time"

	"github.com/tasknet/tasknet/polls"
)

// Refusals of answers enter the public log at a bounded rate, because anybody with a device can cause them: one of a device in
// refusalEvery, and refusalsAtOnce in all each time that the log grows. The others are as good a proof for whoever holds them; the
// log shows that there are such, and how many. They wait in memory: a server that dies forgets a second's.
const (
	refusalEvery   = time.Minute
	refusalsAtOnce = 16
	refusersKept   = 4096
)

// refusals are those that wait to enter the log.
type refusals struct {
	mu     sync.Mutex
	leaves [][32]byte                    // guarded by mu
	last   map[polls.DeviceKey]time.Time // guarded by mu; emptied when it is full
}

// Refused takes note of the leaf of a refusal. It does not block.
func (p *Pipeline) Refused(device polls.DeviceKey, leaf [32]byte, at time.Time) {
	r := &p.refusals
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.leaves) >= refusalsAtOnce || at.Before(r.last[device].Add(refusalEvery)) {
		return
	}
	if r.last == nil || len(r.last) >= refusersKept {
		r.last = make(map[polls.DeviceKey]time.Time)
	}
	r.last[device] = at
	r.leaves = append(r.leaves, leaf)
}

// logRefusals has those that wait enter the log. When that fails they wait on, before what came meanwhile.
func (p *Pipeline) logRefusals(ctx context.Context) error {
	r := &p.refusals
	r.mu.Lock()
	leaves := r.leaves
	r.leaves = nil
	r.mu.Unlock()
	if len(leaves) == 0 {
		return nil
	}
	_, err := p.stores.Log().AppendLeaves(ctx, leaves, p.now())
	if err != nil {
		r.mu.Lock()
		leaves = append(leaves, r.leaves...)
		r.leaves = leaves[:min(len(leaves), refusalsAtOnce)]
		r.mu.Unlock()
	}
	return err
}
