package api

import (
	"bytes"
	"context"
	"math/rand/v2"
	"net"
	"net/http"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/server/pipeline"
	"github.com/tasknet/tasknet/server/wire"
)

// waitSpread is which share of a wait it may end before its time, at random: those that a server lost at one moment, and that came back
// at one moment, do not go on to ask at one moment.
const waitSpread = 12

// waitForWork answers a node's request when there is work for it, or patience is at its end. There may be tens of thousands that wait:
// what one takes meanwhile is a connection, a small goroutine and the wait. The connection is closed after the reply.
func (s *Server) waitForWork(c *fiber.Ctx, wait *pipeline.Wait, stake tasknet.Amount, patience time.Duration) error {
	if err := s.startStream("", 0); err != nil { // all that wait are counted as one
		wait.End()
		return err
	}
	id := requestID(c.UserContext())
	takeOver(c, func() { wait.End(); s.endStream("") }, func(over net.Conn) {
		end := time.NewTimer(patience - rand.N(patience/waitSpread+1))
		defer end.Stop()
		for wait.Next(end.C) {
			if out, err := s.seekAgain(wait, id); out.Lease != nil || err != nil {
				s.answerLate(over, id, out, err)
				return
			}
		}
		out, err := s.endedWait(wait, stake, id)
		s.answerLate(over, id, out, err)
	})
	return nil
}

// seekAgain looks for work for a node that waits. A panic is an error, as in other requests.
func (s *Server) seekAgain(wait *pipeline.Wait, id string) (out wire.Work, err error) {
	defer caught(&err)
	ctx, cancel := context.WithTimeout(context.WithValue(s.base, requestKey{}, id), requestTime)
	defer cancel()
	l, j, err := wait.Look(ctx)
	if err != nil {
		return out, err
	}
	return s.workOf(ctx, l, j)
}

// endedWait is nothing, for a node whose wait has ended.
func (s *Server) endedWait(wait *pipeline.Wait, stake tasknet.Amount, id string) (out wire.Work, err error) {
	defer caught(&err)
	ctx, cancel := context.WithTimeout(context.WithValue(s.base, requestKey{}, id), requestTime)
	defer cancel()
	return s.nothing(ctx, wait, stake)
}

// answerLate writes the last reply over a connection that was taken over. To a client that is gone nothing can be said.
func (s *Server) answerLate(over net.Conn, id string, v any, failed error) {
	r := fasthttp.AcquireResponse()
	defer fasthttp.ReleaseResponse(r)
	setHead(&r.Header, id)
	r.Header.SetContentType(fiber.MIMEApplicationJSON)
	if failed != nil {
		p := s.problem(context.WithValue(s.base, requestKey{}, id), failed)
		for name, values := range p.header {
			r.Header.Set(name, values[0])
		}
		r.SetStatusCode(p.Status)
		r.Header.SetContentType(problemType)
		v = p
	}
	var body bytes.Buffer
	if err := jsonFormat.Marshal(&body, v); err != nil {
		s.Log.Error("a late reply could not be written", "request_id", id, "error", err)
		r.SetStatusCode(http.StatusInternalServerError)
	}
	r.Header.SetContentLength(body.Len())
	r.Header.SetConnectionClose()
	_, _ = over.Write(append(r.Header.Header(), body.Bytes()...))
}
