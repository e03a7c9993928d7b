package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"reflect"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/cache"
	"github.com/tasknet/tasknet/server/pipeline"
	"github.com/tasknet/tasknet/server/wire"
)

// lookAgain is how often those who wait for notices look into the stores, which have the truth: a notice may be lost,
// or come to another server of the same database. It is also the default time between heartbeats of a stream, which keep
// proxies from ending it and find out clients that are gone.
const lookAgain = 15 * time.Second

// eventsPage is how many events of an organisation are read at once.
const eventsPage = 100

const mimeEvents = "text/event-stream"

var errBadEventID = tasknet.NewError(tasknet.Invalid, "bad_last_event_id", "Last-Event-ID must be the id of an event that this stream gave; leave it out to start now.")

func (s *Server) eventRoutes() {
	one := op(http.MethodGet, "/v1/questions/{id}/events", tagAsk, "question-events", "Follow one question")
	one.Description = "Server-sent events. First how the question stands, then question.progress (a Progress) as it is answered, and in the end " +
		"question.closed (a Question, with its verdict), after which the stream ends."
	one.Parameters = []*huma.Param{{Name: "id", In: "path", Required: true, Description: "The question's id", Schema: &huma.Schema{Type: huma.TypeString}}}
	s.stream(one, s.questionEvents)

	all := op(http.MethodGet, "/v1/events", tagAsk, "events", "Follow all my questions")
	all.Description = "Server-sent events: question.progress (a Progress, without an id) as questions are answered, and question.closed (a Question, " +
		"with its verdict) with an id. With that id in Last-Event-ID the stream goes on after it, and no close is missed."
	all.Parameters = []*huma.Param{{Name: "Last-Event-ID", In: "header", Description: "The id of the last event that was seen", Schema: &huma.Schema{Type: huma.TypeString}}}
	s.stream(all, s.orgEvents)
}

func (s *Server) stream(o huma.Operation, handler fiber.Handler) {
	o.Security = []map[string][]string{{schemeKey: {}}}
	o.Responses["200"] = &huma.Response{Description: "A stream that stays open", Content: map[string]*huma.MediaType{mimeEvents: {Schema: &huma.Schema{Type: huma.TypeString}}}}
	s.plain(o, handler)
	s.schema(reflect.TypeFor[wire.Progress]()) // what events carry is in the document, too
}

func (s *Server) questionEvents(c *fiber.Ctx) error {
	who, err := s.requester(c)
	if err != nil {
		return err
	}
	q, err := s.ownQuestion(c.UserContext(), who, c.Params("id"))
	if err != nil {
		return err
	}
	subscription := s.Hub.Question(q.ID)
	return s.send(c, who, subscription, func(ctx context.Context, out *eventWriter) error {
		return s.followQuestion(ctx, out, subscription, q.ID)
	})
}

// followQuestion sends how a question stands, until it has closed.
func (s *Server) followQuestion(ctx context.Context, out *eventWriter, subscription *cache.Subscription, id polls.QuestionID) error {
	q, err := s.Stores.Polls().Question(ctx, id)
	if err != nil {
		return err
	}
	sent, struck := -1, 0 // answers that the client knows of: notices may be older than what was read
	for {
		if q.Status == polls.Closed {
			closed, err := s.question(ctx, q)
			if err != nil {
				return err
			}
			return out.event("", pipeline.QuestionClosed, closed)
		}
		if q.Answers > sent || q.Answers == sent && q.Struck > struck {
			sent, struck = q.Answers, q.Struck
			if err := out.event("", progressEvent, progressOf(q)); err != nil {
				return err
			}
		}
		if q, err = s.nextState(ctx, out, subscription, q); err != nil {
			return err
		}
	}
}

// nextState waits for the next that is known of a question: by a notice, or after a while from the store.
func (s *Server) nextState(ctx context.Context, out *eventWriter, subscription *cache.Subscription, q *polls.Question) (*polls.Question, error) {
	notices, err := out.next(ctx, subscription)
	if err != nil {
		return nil, err
	}
	if len(notices) == 0 {
		return s.Stores.Polls().Question(ctx, q.ID)
	}
	return notices[len(notices)-1].Question, nil
}

func (s *Server) orgEvents(c *fiber.Ctx) error {
	who, err := s.requester(c)
	if err != nil {
		return err
	}
	ctx := c.UserContext()
	last, err := s.Stores.Events().LastEvent(ctx)
	if err != nil {
		return err
	}
	after := last
	if id := c.Get("Last-Event-ID"); id != "" {
		if after, err = strconv.ParseInt(id, 10, 64); err != nil || after < 0 || after > last {
			return errBadEventID
		}
	}
	subscription := s.Hub.Org(who.org.ID)
	return s.send(c, who, subscription, func(ctx context.Context, out *eventWriter) error {
		return s.followOrg(ctx, out, subscription, who.org.ID, after)
	})
}

// followOrg sends each close of an organisation's questions once, by the events in the store, and progress as it is
// told, which may be lost.
func (s *Server) followOrg(ctx context.Context, out *eventWriter, subscription *cache.Subscription, org polls.OrgID, after int64) error {
	after, err := s.sendCloses(ctx, out, org, after)
	for err == nil {
		var notices []pipeline.Notice
		if notices, err = out.next(ctx, subscription); err != nil {
			break
		}
		newest := make(map[polls.QuestionID]int, len(notices))
		for i, n := range notices {
			newest[n.Question.ID] = i
		}
		closes := len(notices) == 0 // some may have been missed
		for i, n := range notices {
			if n.Kind == pipeline.QuestionClosed {
				closes = true
			} else if newest[n.Question.ID] == i {
				if err := out.event("", progressEvent, progressOf(n.Question)); err != nil {
					return err
				}
			}
		}
		if closes || out.missed {
			after, err = s.sendCloses(ctx, out, org, after)
		}
	}
	return err
}

// sendCloses sends what closed after an event, and returns the newest that it sent.
func (s *Server) sendCloses(ctx context.Context, out *eventWriter, org polls.OrgID, after int64) (int64, error) {
	for {
		events, err := s.Stores.Events().EventsAfter(ctx, org, pipeline.QuestionClosed, after, eventsPage)
		if err != nil {
			return after, err
		}
		for _, e := range events {
			q, err := s.Stores.Polls().Question(ctx, e.Question)
			if err != nil {
				return after, err
			}
			closed, err := s.question(ctx, q)
			if err != nil {
				return after, err
			}
			if err := out.event(strconv.FormatInt(e.Seq, 10), pipeline.QuestionClosed, closed); err != nil {
				return after, err
			}
			after = e.Seq
		}
		if len(events) < eventsPage {
			return after, nil
		}
	}
}

// progressEvent is the kind of event that is told but not kept.
const progressEvent pipeline.EventKind = "question.progress"

func progressOf(q *polls.Question) wire.Progress {
	return wire.Progress{Question: string(q.ID), Status: string(q.Status), Answers: q.Counting(), Struck: q.Struck, Counts: q.Counts, Wanted: q.Wanted}
}

// send makes the reply a stream to an API key, which follow writes until it returns, the client goes away or the server stops. It
// closes the subscription in the end.
func (s *Server) send(c *fiber.Ctx, who requester, subscription *cache.Subscription, follow func(context.Context, *eventWriter) error) error {
	secret := bearer(c)
	allowed := func(ctx context.Context) error {
		_, _, err := s.Pipeline.Authenticate(ctx, secret)
		return err
	}
	return s.sendTo(c, string(who.key), s.Limits.Streams, allowed, subscription, follow)
}

// sendTo is send to an API key or a respondent that may have most streams. allowed says whether it may go on.
func (s *Server) sendTo(c *fiber.Ctx, owner string, most int, allowed func(context.Context) error, of interface{ Close() }, follow func(context.Context, *eventWriter) error) error {
	if err := s.startStream(owner, most); err != nil {
		of.Close()
		return err
	}
	id := requestID(c.UserContext())
	c.Set(fiber.HeaderContentType, mimeEvents)
	c.Set("X-Accel-Buffering", "no") // nginx would hold events back
	c.Set(fiber.HeaderConnection, "close")
	c.Response().Header.SetContentLength(-1) // in chunks
	head := bytes.Clone(c.Response().Header.Header())
	// A reply that fasthttp streams would cost a second goroutine and four more buffers while it lasts.
	takeOver(c, func() {
		of.Close()
		s.endStream(owner)
	}, func(over net.Conn) {
		out := &eventWriter{w: over, pause: s.Heartbeat, due: time.Now().Add(s.Heartbeat), allowed: func(ctx context.Context) error {
			ctx, cancel := context.WithTimeout(ctx, requestTime)
			defer cancel()
			return allowed(ctx)
		}}
		err := out.begin(head)
		if err == nil {
			err = follow(context.WithValue(s.base, requestKey{}, id), out)
		}
		if err != nil && !out.gone && !errors.Is(err, cache.ErrHubClosed) && !errors.Is(err, polls.ErrNoKey) && !denied(err) && s.base.Err() == nil {
			s.Log.Error("stream failed", "request_id", id, "error", err)
		}
		out.end()
	})
	return nil
}

// denied reports whether a token does not serve any more.
func denied(err error) bool {
	e, ok := errors.AsType[*tasknet.Error](err)
	return ok && e.Kind == tasknet.Unauthenticated
}

// eventWriter writes server-sent events to a connection, each as a chunk of its own, which the client gets at once.
type eventWriter struct {
	w      io.Writer
	gone   bool // the client does not read any more
	missed bool // notices were lost before the last ones that next returned

	pause   time.Duration               // between heartbeats
	due     time.Time                   // of the next one
	allowed func(context.Context) error // whether the stream may go on
}

// event writes an event whose data is v. id may be empty.
func (e *eventWriter) event(id string, kind pipeline.EventKind, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if id != "" {
		id = "id: " + id + "\n"
	}
	return e.chunk(nil, fmt.Sprintf("%sevent: %s\ndata: %s\n\n", id, kind, data))
}

func (e *eventWriter) comment(text string) error { return e.chunk(nil, ": "+text+"\n\n") }

// begin writes the reply's head and a comment, so that the client sees at once that it is connected.
func (e *eventWriter) begin(head []byte) error { return e.chunk(head, ": stream\n\n") }

// chunk writes a text after what comes before it, by one write.
func (e *eventWriter) chunk(before []byte, text string) error {
	_, err := e.w.Write(fmt.Appendf(before, "%x\r\n%s\r\n", len(text), text))
	if err != nil {
		e.gone = true
	}
	return err
}

// end ends the reply.
func (e *eventWriter) end() {
	if !e.gone {
		_, _ = io.WriteString(e.w, "0\r\n\r\n") // who is gone needs no end
	}
}

// next waits for notices. Now and then it looks whether the stream may go on, writes a heartbeat and returns none.
func (e *eventWriter) next(ctx context.Context, subscription *cache.Subscription) ([]pipeline.Notice, error) {
	if !time.Now().Before(e.due) {
		return nil, e.heartbeat(ctx)
	}
	waiting, stop := context.WithDeadline(ctx, e.due)
	defer stop()
	notices, missed, err := subscription.Next(waiting)
	e.missed = missed
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return nil, e.heartbeat(ctx)
	}
	return notices, err
}

func (e *eventWriter) heartbeat(ctx context.Context) error {
	e.due = time.Now().Add(e.pause)
	if err := e.allowed(ctx); err != nil {
		return err
	}
	return e.comment("alive")
}
