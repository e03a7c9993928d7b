package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/polls"
)

// Limits on requests, by what they carry.
const (
	jsonBytesMax   = 256 << 10
	answerBytesMax = polls.ValueBytesMax + 4<<10
	mediaBytesMax  = 10<<20 + 64<<10 // an image of media.BytesMax, and what a form puts around it
)

// Times that requests get. Nothing is cancelled when a client goes away, because fasthttp does not notice.
const (
	requestTime = 10 * time.Second
	waitTimeMax = 60 * time.Second
	slowTime    = 30 * time.Second // what waits for the chain, or for somebody else's server
)

const headerRequestID = "X-Request-Id"

// pathLogged is how many bytes of a request's path are logged.
const pathLogged = 200

// csp lets the web app load from its own origin only. Uploaded images are served with one of their own.
const csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; connect-src 'self'; " +
	"manifest-src 'self'; worker-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// securityHeaders are sent with every reply, under their canonical names.
var securityHeaders = [][2][]byte{
	{[]byte("Content-Security-Policy"), []byte(csp)},
	{[]byte("X-Content-Type-Options"), []byte("nosniff")},
	{[]byte("Referrer-Policy"), []byte("no-referrer")},
	{[]byte("Cross-Origin-Opener-Policy"), []byte("same-origin")},
	{[]byte("Cross-Origin-Resource-Policy"), []byte("same-origin")},
	{[]byte("Permissions-Policy"), []byte("camera=(), microphone=(), geolocation=()")},
	{[]byte("Cache-Control"), []byte("no-store")}, // handlers of what may be kept say so
}

type requestKey struct{}

// requestID returns the id under which a request is logged.
func requestID(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}

// begin gives a request its id and its headers.
func (s *Server) begin(c *fiber.Ctx) string {
	id := strconv.FormatUint(rand.Uint64()|1<<63, 16) // always of 16 digits
	setHead(&c.Response().Header, id)
	return id
}

// setHead sets the headers that every reply has.
func setHead(h *fasthttp.ResponseHeader, id string) {
	for _, one := range securityHeaders {
		h.SetCanonical(one[0], one[1])
	}
	h.Set(headerRequestID, id)
}

// edge is around every request: its id, its time, its headers, its line in the log; and it turns whatever comes out
// of a handler, a panic too, into a reply.
func (s *Server) edge(c *fiber.Ctx) error {
	started := time.Now()
	id := s.begin(c)
	if largest(c.Path()) > 0 {
		defer s.bodies.release(&c.Context().Request.Header)
	}
	ctx, cancel := context.WithTimeout(context.WithValue(s.base, requestKey{}, id), timeFor(c))
	defer cancel()
	c.SetUserContext(ctx)
	err := s.guarded(c)
	if errors.Is(ofFiber(err), errNoRoute) {
		switch {
		case s.web.serves(c):
			err = s.web.serve(c)
		case c.Method() == http.MethodPost && c.Path() == sharePath:
			err = takeShare(c)
		}
	}
	if err != nil {
		err = s.handleError(c, err)
	}
	s.logRequest(c, id, time.Since(started))
	return err
}

// guarded runs the handler, and makes an error of a panic.
func (s *Server) guarded(c *fiber.Ctx) (err error) {
	defer caught(&err)
	if encoding := c.Request().Header.Peek(fiber.HeaderContentEncoding); len(encoding) > 0 {
		return errEncoding // Fiber would unpack it, to any size
	}
	return c.Next()
}

// caught makes an error of a panic. It is deferred.
func caught(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
	}
}

// logRequest says what was asked and how it went: nothing of bodies, queries and headers, which may hold secrets.
func (s *Server) logRequest(c *fiber.Ctx, id string, took time.Duration) {
	status, level := c.Response().StatusCode(), slog.LevelDebug // anybody can make errors of theirs, as many as they like
	if status >= http.StatusInternalServerError {
		level = slog.LevelWarn
	}
	if !s.Log.Enabled(s.base, level) {
		return
	}
	path := c.Path()
	s.Log.Log(s.base, level, "request", "request_id", id, "method", c.Method(), "path", path[:min(len(path), pathLogged)], "status", status,
		"ms", float64(took.Microseconds())/1000, "ip", s.clientIP(c))
}

// clientIP returns where a request comes from: the address that is connected, or the one that the proxy in front saw.
// Only the last entry of X-Forwarded-For is that proxy's; the client may have written all others.
func (s *Server) clientIP(c *fiber.Ctx) string {
	if s.TrustProxy {
		lines := c.Request().Header.PeekAll(fiber.HeaderXForwardedFor)
		list := ""
		if len(lines) > 0 {
			list = string(lines[len(lines)-1]) // a proxy may add a line of its own after the client's
		}
		last := strings.TrimSpace(list[strings.LastIndexByte(list, ',')+1:])
		if a, err := netip.ParseAddr(last); err == nil {
			return a.Unmap().WithZone("").String()
		}
	}
	a, _ := netip.AddrFromSlice(c.Context().RemoteIP())
	return a.Unmap().String()
}

// timeFor returns how long a request may take.
func timeFor(c *fiber.Ctx) time.Duration {
	switch path := c.Path(); {
	case path == "/v1/media/fetch" || path == "/v1/deposits/faucet" || path == uploadPath || isArtefactBytes(path) || path == "/v1/jobs": // whose data may be divided
		return slowTime
	case strings.HasPrefix(path, "/v1/questions/") && c.Context().QueryArgs().Has("wait"):
		return waitTimeMax + requestTime
	case isAsk(path):
		return compute.AskMost + requestTime
	case strings.HasPrefix(path, "/v1/moves/"):
		return moveWait + requestTime
	}
	return requestTime
}

// isAsk reports whether a request waits for an answer of a model, or for somebody who wants one.
func isAsk(path string) bool {
	return strings.HasPrefix(path, "/v1/jobs/") && strings.HasSuffix(path, "/ask") || strings.HasPrefix(path, "/v1/leases/") && strings.HasSuffix(path, "/asks")
}

// onlyKnownMethods refuses methods that Fiber does not know, which it would answer in plain text.
func onlyKnownMethods(next fasthttp.RequestHandler, app *fiber.App) fasthttp.RequestHandler {
	known := make(map[string]bool)
	for _, m := range app.Config().RequestMethods {
		known[m] = true
	}
	return func(ctx *fasthttp.RequestCtx) {
		if known[string(ctx.Method())] {
			next(ctx)
			return
		}
		c := app.AcquireCtx(ctx)
		defer app.ReleaseCtx(c)
		if err := app.ErrorHandler(c, fiber.ErrMethodNotAllowed); err != nil {
			ctx.SetStatusCode(http.StatusMethodNotAllowed)
		}
	}
}
