package client

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"net/http"
	"strings"
	"time"

	"github.com/tasknet/tasknet/server/wire"
)

// EventKind says what an event tells.
type EventKind string

// The kinds of event.
const (
	Connected EventKind = "connected"         // made here: the stream is open, or open again
	Progress  EventKind = "question.progress" // somebody answered; Event.Progress is set
	Closed    EventKind = "question.closed"   // there is a verdict; Event.Question is set
	Offered   EventKind = "question.offered"  // there is something to answer; Event.Offer is set
)

// Event is one event of a stream.
type Event struct {
	Kind     EventKind
	ID       string // to resume after; progress has none
	Progress wire.Progress
	Question wire.Question
	Offer    wire.Offer
}

const (
	// silence is for how long a stream may say nothing, heartbeats included, until it counts as broken.
	silence = 45 * time.Second

	eventMax = 4 << 20
)

// events yields the events of a stream, and connects again when it breaks.
func (c *Client) events(ctx context.Context, r call, after string) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		lost, try := c.cfg.Now(), 0
		for ctx.Err() == nil {
			connected := false
			wanted, err := c.stream(ctx, r, after, func(e Event) bool {
				connected = true
				if e.Kind != Connected {
					try = 0
				}
				if e.ID != "" {
					after = e.ID
				}
				return yield(e, nil)
			})
			if !wanted {
				return
			}
			if try++; connected {
				lost = c.cfg.Now() // only now: nothing may have happened for hours before
			}
			if ctx.Err() == nil && (!passes(err, try) || c.cfg.Now().Sub(lost) >= c.cfg.Patience) {
				yield(Event{}, err)
				return
			}
			if c.pause(ctx, backoff(try)) != nil {
				return
			}
		}
	}
}

// stream reads one connection until it breaks, which is the error, or until no more is wanted.
func (c *Client) stream(ctx context.Context, r call, after string, tell func(Event) bool) (wanted bool, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	watch := time.AfterFunc(c.cfg.Timeout, cancel)
	defer watch.Stop()
	req, err := c.request(ctx, r, nil)
	if err != nil {
		return true, err
	}
	req.Header.Set("Accept", "text/event-stream")
	if after != "" {
		req.Header.Set("Last-Event-ID", after)
	}
	resp, err := c.cfg.HTTP.Do(req)
	if err != nil {
		return true, fmt.Errorf("%w (%w)", ErrUnreachable, err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		body, _ := io.ReadAll(io.LimitReader(resp.Body, replyMax))
		return true, problem(resp.StatusCode, body)
	}
	watch.Reset(silence)
	if !tell(Event{Kind: Connected}) {
		return false, nil
	}
	lines := bufio.NewScanner(resp.Body)
	lines.Buffer(make([]byte, 0, 8<<10), eventMax)
	var id, kind string
	var data []string
	for lines.Scan() {
		watch.Reset(silence)
		line := lines.Text()
		if line == "" {
			e, known, err := parseEvent(id, kind, strings.Join(data, "\n"))
			id, kind, data = "", "", nil
			if err != nil {
				return true, err
			}
			if known && !tell(e) {
				return false, nil
			}
			continue
		}
		name, value, _ := strings.Cut(line, ":")
		value = strings.TrimPrefix(value, " ")
		switch name {
		case "id":
			id = value
		case "event":
			kind = value
		case "data":
			data = append(data, value)
		}
	}
	return true, fmt.Errorf("%w (the stream ended: %w)", ErrUnreachable, cmp.Or(lines.Err(), io.ErrUnexpectedEOF))
}

// parseEvent decodes an event. Kinds that this version does not know are passed over.
func parseEvent(id, kind, data string) (e Event, known bool, err error) {
	e = Event{Kind: EventKind(kind), ID: id}
	switch e.Kind {
	case Progress:
		err = json.Unmarshal([]byte(data), &e.Progress)
	case Closed:
		err = json.Unmarshal([]byte(data), &e.Question)
	case Offered:
		err = json.Unmarshal([]byte(data), &e.Offer)
	default:
		return e, false, nil
	}
	if err != nil {
		return e, false, fmt.Errorf("%w (event %s: %w)", ErrProtocol, kind, err)
	}
	return e, true, nil
}
