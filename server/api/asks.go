package api

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"image"
	_ "image/jpeg" // to be decoded
	_ "image/png"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/server/pipeline"
	"github.com/tasknet/tasknet/server/wire"
)

// askPixels is how many pixels a picture has at most that a model is asked about: what it looks at has far fewer.
const askPixels = 4 << 20

var errBadAskPicture = tasknet.NewError(tasknet.Invalid, "bad_row_picture", "The picture is no PNG and no JPEG of at most 4 million pixels.")

type modelAskInput struct {
	JobPath
	Body wire.NewAsk
}

type serveInput struct {
	LeasePath
	Body wire.Serve
}

func (s *Server) askRoutes() {
	ask := op(http.MethodPost, "/v1/jobs/{id}/ask", tagCompute, "ask-model", "Ask the model of a live job about one row, and wait for the answer")
	ask.Description = "It is given to a node that has the model loaded, and to another when that one does not answer in a second. The answer is signed by the node; what counts and is paid are answers that came in time."
	forRequester(s, ask, s.askModel)
	serve := op(http.MethodPost, "/v1/leases/{id}/asks", tagCompute, "serve-asks", "Answer an ask of a live job, and wait for the next")
	serve.Description = "For a lease that serves. A node answers one ask after the other; one that it has not answered is given to it again. When the session ends, it hands in what it said, a line for each answer that counted, in their order."
	s.forServing(serve)
}

// forServing registers what nodes that serve do for each row: it is counted as requests of programs are.
func (s *Server) forServing(o huma.Operation) {
	o.Security = []map[string][]string{{schemeToken: {}}}
	register(s, o, func(c *fiber.Ctx) (*compute.Node, error) { return s.nodeWithin(c, s.limits.key) }, s.serveAsks)
}

func (s *Server) askModel(ctx context.Context, who requester, in *modelAskInput) (*of[wire.Answered], error) {
	if err := tasknet.CheckID(compute.JobPrefix, in.ID); err != nil {
		return nil, err
	}
	row := compute.AskRow{Text: strings.TrimSpace(in.Body.Text), Numbers: in.Body.Numbers}
	if len(in.Body.Picture) > 0 {
		about, format, err := image.DecodeConfig(bytes.NewReader(in.Body.Picture))
		if err != nil || about.Width*about.Height > askPixels {
			return nil, errBadAskPicture
		}
		if _, _, err := image.Decode(bytes.NewReader(in.Body.Picture)); err != nil {
			return nil, errBadAskPicture
		}
		row.Picture, row.Media = in.Body.Picture, "image/"+format
	}
	began := s.Now()
	a, l, err := s.Pipeline.AskModel(ctx, who.org.ID, compute.JobID(in.ID), row, time.Duration(in.Body.Wait)*time.Millisecond)
	if err != nil {
		if errors.Is(err, compute.ErrAsksFull) || errors.Is(err, compute.ErrNobodyHere) {
			err = &limited{err, time.Second}
		}
		return nil, err
	}
	out := wire.Answered{Ask: string(a.ID), Lease: string(l.ID), Node: string(l.Node), Key: a.Key.String(), Row: string(a.Row), Said: string(a.Said), Signature: hex.EncodeToString(a.Signature[:]), Took: s.Now().Sub(began).Milliseconds()}
	if err := json.Unmarshal(a.Said, &out.Prediction); err != nil {
		return nil, err
	}
	return &of[wire.Answered]{out}, nil
}

func (s *Server) serveAsks(ctx context.Context, n *compute.Node, in *serveInput) (*of[wire.Served], error) {
	if err := tasknet.CheckID(compute.LeasePrefix, in.ID); err != nil {
		return nil, err
	}
	var said *pipeline.Answer
	if a := in.Body.Answer; a != nil {
		if err := tasknet.CheckID(compute.AskPrefix, a.Ask); err != nil {
			return nil, err
		}
		signature, err := parseSignature(a.Signature)
		if err != nil {
			return nil, err
		}
		said = &pipeline.Answer{Ask: compute.AskID(a.Ask), Said: []byte(a.Said), Signature: signature}
	}
	served, err := s.Pipeline.Serve(ctx, n, compute.LeaseID(in.ID), said, time.Duration(in.Body.Wait)*time.Second)
	if err != nil {
		return nil, err
	}
	out := wire.Served{Counted: served.Counted, End: served.End}
	if served.Ask != nil {
		out.Ask = &wire.AskedRow{ID: string(served.Ask.ID), Row: string(served.Ask.Row)}
	}
	return &of[wire.Served]{out}, nil
}

// servingOf is how a live job is asked.
func (s *Server) servingOf(ctx context.Context, id compute.JobID) (*wire.Serving, error) {
	at, err := s.Pipeline.Serving(ctx, id)
	if err != nil {
		return nil, err
	}
	ms := func(d time.Duration) float64 {
		return float64(d.Round(100*time.Microsecond)) / float64(time.Millisecond)
	}
	out := &wire.Serving{Nodes: at.Nodes, Waiting: at.Waiting, Answers: at.Times.Answers(), Half: ms(at.Times.Quantile(0.5)), Most: ms(at.Times.Quantile(0.99)), Times: []wire.ServedTime{}}
	for i, n := range at.Times {
		if n > 0 {
			out.Times = append(out.Times, wire.ServedTime{Under: ms(compute.TimeBound(i)), Answers: n})
		}
	}
	return out, nil
}
