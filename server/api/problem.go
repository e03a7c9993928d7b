package api

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/wire"
)

const problemType = "application/problem+json"

// statuses is the only place where kinds of error become HTTP.
var statuses = map[tasknet.Kind]int{
	tasknet.Internal:        http.StatusInternalServerError,
	tasknet.Invalid:         http.StatusBadRequest,
	tasknet.Unauthenticated: http.StatusUnauthorized,
	tasknet.Forbidden:       http.StatusForbidden,
	tasknet.NotFound:        http.StatusNotFound,
	tasknet.Conflict:        http.StatusConflict,
	tasknet.NoFunds:         http.StatusPaymentRequired,
	tasknet.TooLarge:        http.StatusRequestEntityTooLarge,
	tasknet.TooMany:         http.StatusTooManyRequests,
	tasknet.Unavailable:     http.StatusServiceUnavailable,
	tasknet.NotSupported:    http.StatusNotImplemented,
}

// Errors of HTTP itself.
var (
	errNoRoute        = tasknet.NewError(tasknet.NotFound, "no_such_route", "There is nothing at this address; /docs lists what there is.")
	errBodyTooLarge   = tasknet.NewError(tasknet.TooLarge, "body_too_large", "The request's body is too large; /v1/instance lists the limits.")
	errHeaderTooLarge = tasknet.NewError(tasknet.TooLarge, "header_too_large", "The request's headers are over 8 KiB; send fewer or shorter ones.")
	errBodyRequired   = tasknet.NewError(tasknet.Invalid, "body_required", "This request needs a JSON body; /docs shows its fields.")
	errTimeout        = tasknet.NewError(tasknet.Unavailable, "timeout", "The server did not finish in time; try again.")
	errBadRequest     = tasknet.NewError(tasknet.Invalid, "bad_request", "This is not a request that HTTP allows; check the client.")

	// These have statuses of their own, which no kind has.
	errMethod   = tasknet.NewError(tasknet.Invalid, "method_not_allowed", "This address does not take this method; the Allow header lists those that it takes.")
	errEncoding = tasknet.NewError(tasknet.Invalid, "unsupported_encoding", "Send the body without Content-Encoding.")
	errBodyType = tasknet.NewError(tasknet.Invalid, "unsupported_media_type", "Send the body as application/json.")
	errSlow     = tasknet.NewError(tasknet.Invalid, "request_timeout", "The request took too long to arrive; send it again.")
)

var ownStatuses = map[string]int{
	errMethod.Code:          http.StatusMethodNotAllowed,
	errEncoding.Code:        http.StatusUnsupportedMediaType,
	errBodyType.Code:        http.StatusUnsupportedMediaType,
	errSlow.Code:            http.StatusRequestTimeout,
	errHeaderTooLarge.Code:  http.StatusRequestHeaderFieldsTooLarge,
	compute.ErrAskLate.Code: http.StatusGatewayTimeout,
}

// limited is an error that passes, with the time to wait.
type limited struct {
	error
	wait time.Duration
}

// Unwrap gives the error that callers know.
func (l *limited) Unwrap() error { return l.error }

// problem is an error as it is sent. It implements what huma asks of errors.
type problem struct {
	wire.Problem
	header http.Header
}

// Error implements error.
func (p *problem) Error() string { return p.Detail }

// GetStatus implements huma.StatusError.
func (p *problem) GetStatus() int { return p.Status }

// GetHeaders implements huma.HeadersError.
func (p *problem) GetHeaders() http.Header { return p.header }

// ContentType implements huma.ContentTypeFilter.
func (p *problem) ContentType(string) string { return problemType }

// statusOf returns the HTTP status of an error.
func statusOf(kind tasknet.Kind, code string) int {
	if status, ok := ownStatuses[code]; ok {
		return status
	}
	return statuses[kind]
}

func newProblem(e *tasknet.Error) *problem {
	status := statusOf(e.Kind, e.Code)
	p := &problem{Problem: wire.Problem{
		Type: problemsPath + "#" + e.Code, Title: http.StatusText(status), Status: status, Code: e.Code, Detail: e.Message,
	}}
	if status == http.StatusUnauthorized {
		p.header = http.Header{"Www-Authenticate": {"Bearer"}}
	}
	return p
}

// problem turns any error into what the caller may see of it, and logs what they may not.
func (s *Server) problem(ctx context.Context, err error) *problem {
	if p, ok := errors.AsType[*problem](err); ok {
		return p
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		err = errTimeout
	}
	e := tasknet.Describe(err)
	if e.Kind == tasknet.Internal {
		id := requestID(ctx)
		s.Log.Error("request failed", "request_id", id, "error", err)
		e = tasknet.NewError(tasknet.Internal, "internal", fmt.Sprintf("Something failed on this server. It was logged as %s; try again.", id))
	}
	p := newProblem(e)
	if l, ok := errors.AsType[*limited](err); ok {
		seconds := int64((l.wait + time.Second - 1) / time.Second)
		p.header = http.Header{"Retry-After": {strconv.FormatInt(max(seconds, 1), 10)}}
	}
	if r, ok := errors.AsType[*polls.RefusedError](err); ok {
		p.Refusal = &wire.Refusal{
			Answer: hex.EncodeToString(r.Refusal.Answer[:]), Device: r.Refusal.Device.String(), At: r.Refusal.At.UnixMilli(), Signature: hex.EncodeToString(r.Refusal.Signature[:]),
		}
	}
	return p
}

// writeProblem answers a request by a problem.
func (s *Server) writeProblem(c *fiber.Ctx, err error) error {
	p := s.problem(c.UserContext(), err)
	body, err := json.Marshal(p)
	if err != nil {
		return err
	}
	for name, values := range p.header {
		c.Set(name, values[0])
	}
	c.Set(fiber.HeaderContentType, problemType)
	return c.Status(p.Status).Send(body)
}

// handleError is what Fiber calls with errors of handlers, and of requests that never reach one.
func (s *Server) handleError(c *fiber.Ctx, err error) error {
	if len(c.Response().Header.Peek(headerRequestID)) == 0 {
		s.begin(c) // the request could not be read, so that no handler has run
		if k, ok := c.Context().Conn().(*conn); ok {
			k.linger.Store(true)
		}
		share := c.Method() == http.MethodPost && pathOf(&c.Context().Request.Header) == sharePath
		err = s.unread(&c.Context().Request.Header, ofFiber(err))
		if share && errors.Is(err, errBodyTooLarge) {
			return toForm(c, url.Values{"picture": {"lost"}})
		}
	}
	return s.writeProblem(c, ofFiber(err))
}

// ofFiber translates Fiber's errors to ours.
func ofFiber(err error) error {
	f, ok := errors.AsType[*fiber.Error](err)
	if !ok {
		return err
	}
	switch f.Code {
	case http.StatusNotFound:
		return errNoRoute
	case http.StatusMethodNotAllowed:
		return errMethod
	case http.StatusRequestEntityTooLarge:
		return errBodyTooLarge
	case http.StatusRequestHeaderFieldsTooLarge:
		return errHeaderTooLarge
	case http.StatusRequestTimeout:
		return errSlow
	case http.StatusBadRequest, http.StatusBadGateway: // Fiber's name for a connection that broke
		return errBadRequest
	}
	return err
}

// tuneHuma makes huma report the errors that it finds in requests as problems, in our words, and take null for no list. It
// keeps these in variables of its packages, which are set once for the process, before the first request.
var tuneHuma = sync.OnceFunc(func() {
	huma.NewError = ofHuma
	huma.DefaultArrayNullable = false
	sayWhatToDo()
})

// ofHuma translates huma's errors to ours.
func ofHuma(status int, message string, errs ...error) huma.StatusError {
	switch status {
	case 0:
		return newProblem(errBadRequest) // huma asks for an example
	case http.StatusBadRequest:
		if len(errs) == 0 {
			return newProblem(errBodyRequired)
		}
		return newProblem(tasknet.NewError(tasknet.Invalid, "bad_json", "The body is not JSON: "+sentence(errs[0])))
	case http.StatusUnprocessableEntity:
		return newProblem(tasknet.NewError(tasknet.Invalid, "invalid_request", "Correct the request: "+sentence(errs...)))
	case http.StatusRequestEntityTooLarge:
		return newProblem(errBodyTooLarge)
	case http.StatusUnsupportedMediaType:
		return newProblem(errBodyType)
	case http.StatusRequestTimeout:
		return newProblem(errSlow)
	}
	return newProblem(tasknet.NewError(tasknet.Internal, "internal", "Something failed on this server; try again."))
}

// sentence tells up to three errors that huma found, with where it found them.
func sentence(errs ...error) string {
	const most = 3
	parts := make([]string, 0, most)
	for _, err := range errs[:min(most, len(errs))] {
		part := strings.TrimSuffix(err.Error(), ".")
		if d, ok := errors.AsType[*huma.ErrorDetail](err); ok {
			part = strings.TrimSuffix(d.Message, ".")
			if where := strings.TrimPrefix(strings.TrimPrefix(d.Location, "body"), "."); where != "" {
				part = where + ": " + part
			}
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, "; ") + "."
}
