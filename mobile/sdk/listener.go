package sdk

import "sync"

// Listener is told what happens to answers in the background. It is called by a thread of its own, one call after the other in
// the order in which things happened, and may take its time and call the session, Close too. What it is given is JSON.
type Listener interface {
	// Accepted: the server has the answer, and its signed receipt is right and kept. The answer is as Receipt returns it.
	Accepted(answer string)

	// Refused: the server does not take the answer, for good, or it cannot be sent any more. In refused are the code and the
	// sentence of why, and the server's signed statement where it made one, which is kept.
	Refused(answer string)

	// Expired: the lease of an assignment ended before it was answered; others may get its question. An answer still counts
	// while the question is open.
	Expired(assignment string)

	// Delayed: answers wait, and why by a code and a sentence. They are sent again by themselves. It is told once until one
	// gets through. With the code device_ended they wait for Register or ReplaceDevice.
	Delayed(code, text string)

	// Found: a look into the public log has found otherwise than the one before whether the server keeps what it has promised. In
	// found are "log", whether it is the log as a whole that is wrong, and "answers", of how many it lacks what their receipts
	// promise; false and 0 when all is right again. LogFound has the evidence.
	Found(found string)
}

// bell calls back, by a goroutine of its own that holds nothing, so that who is called may take their time.
type bell struct {
	done chan struct{} // closed when the goroutine has ended

	mu      sync.Mutex
	wake    sync.Cond
	calls   []func() // guarded by mu
	calling bool     // guarded by mu
	closed  bool     // guarded by mu
}

func newBell() *bell {
	b := &bell{done: make(chan struct{})}
	b.wake.L = &b.mu
	go b.run()
	return b
}

func (b *bell) run() {
	defer close(b.done)
	b.mu.Lock()
	defer b.mu.Unlock()
	for {
		for len(b.calls) == 0 && !b.closed {
			b.wake.Wait()
		}
		if b.closed {
			return
		}
		call := b.calls[0]
		b.calls = b.calls[1:]
		b.calling = true
		b.mu.Unlock()
		call()
		b.mu.Lock()
		b.calling = false
	}
}

// ring has f called soon, unless the bell is closed.
func (b *bell) ring(f func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.closed {
		b.calls = append(b.calls, f)
		b.wake.Signal()
	}
}

// close ends the bell: no further call begins. It does not wait for one that is under way, which may be the one that closes.
func (b *bell) close() {
	b.mu.Lock()
	b.closed, b.calls = true, nil
	b.wake.Signal()
	calling := b.calling
	b.mu.Unlock()
	if !calling {
		<-b.done
	}
}
