package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	"github.com/gofiber/fiber/v2"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/wire"
)

// requester is who asks, by an API key.
type requester struct {
	key polls.KeyID
	org polls.Org
}

// Tags of operations, which are also the chapters of the docs page.
const (
	tagAsk       = "Asking"
	tagProjects  = "Projects"
	tagArtefacts = "Artefacts"
	tagCompute   = "Computing"
	tagMoney     = "Money"
	tagAnswer    = "Answering"
	tagMe        = "About me"
	tagRecords   = "Public records"
	tagServer    = "Server"
)

// Names of the ways to say who asks, in the OpenAPI document.
const (
	schemeKey   = "apiKey"
	schemeToken = "respondentToken"
)

// routes registers every operation.
func (s *Server) routes() {
	tuneHuma()
	config := huma.DefaultConfig("TaskNet", s.Version)
	config.CreateHooks = nil                                             // no $schema in replies
	config.OpenAPIPath, config.DocsPath, config.SchemasPath = "", "", "" // served by us
	config.Formats = map[string]huma.Format{"application/json": jsonFormat, "json": jsonFormat}
	config.Info.Description = "Machines ask, people answer, everybody can check, everybody is paid. A field or a query parameter that is not listed here is refused."
	config.Info.License = &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"}
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		schemeKey:   {Type: "http", Scheme: "bearer", BearerFormat: "tn_...", Description: "An API key of an organisation."},
		schemeToken: {Type: "http", Scheme: "bearer", BearerFormat: "rt_...", Description: "A token of a respondent's device, from POST /v1/sessions."},
	}
	for _, t := range [][2]string{
		{tagAsk, "For programs with an API key: ask questions, and get verdicts."},
		{tagProjects, "For programs with an API key: many questions of one kind, imported as tasks."},
		{tagArtefacts, "For programs with an API key: files of any size, kept by their hash, sent and read in pieces of 4 MiB."},
		{tagMoney, "For programs with an API key: what there is to spend."},
		{tagCompute, "For programs with an API key: train models from labels and ask them. For nodes: do that."},
		{tagAnswer, "For devices of people: register, take questions, answer."},
		{tagMe, "For devices of people: what was answered and earned."},
		{tagRecords, "For everybody: all that is needed to recompute verdicts and payouts."},
		{tagServer, "For everybody: what this server is, and how it is."},
	} {
		config.Tags = append(config.Tags, &huma.Tag{Name: t[0], Description: t[1]})
	}
	config.Components.Schemas.RegisterTypeAlias(reflect.TypeFor[tasknet.Amount](), reflect.TypeFor[amountSchema]())
	config.Components.Schemas.RegisterTypeAlias(reflect.TypeFor[wire.Time](), reflect.TypeFor[timeSchema]())
	config.Components.Schemas.RegisterTypeAlias(reflect.TypeFor[wire.Value](), reflect.TypeFor[valueSchema]())
	addAnswerForms(config.Components.Schemas)
	config.OnAddOperation = append(config.OnAddOperation, func(_ *huma.OpenAPI, o *huma.Operation) { s.operations = append(s.operations, o) })
	s.huma = humafiber.New(s.app, config)

	s.questionRoutes()
	s.projectRoutes()
	s.contestRoutes()
	s.jobRoutes()
	s.askRoutes()
	s.nodeRoutes()
	s.workRoutes()
	s.stakeRoutes()
	s.artefactRoutes()
	s.imageRoutes()
	s.eventRoutes()
	s.moneyRoutes()
	s.estimateRoutes()
	s.spendingRoutes()
	s.bonusRoutes()
	s.keyRoutes()
	s.peopleRoutes()
	s.assignmentRoutes()
	s.answerRoutes()
	s.meRoutes()
	s.statementRoutes()
	s.payeeRoutes()
	s.addressRoutes()
	s.personalRoutes()
	s.pushRoutes()
	s.visitRoutes()
	s.moveRoutes()
	s.recordRoutes()
	s.oracleRoutes()
	s.logRoutes()
	s.serverRoutes()
	s.benchRoutes()
	s.docsRoutes()
}

// jsonFormat is huma's, which does not escape HTML in strings that are no HTML, without strings that hold a zero byte:
// not every store can keep those, and no text has any.
var jsonFormat = huma.Format{
	Marshal: huma.DefaultJSONFormat.Marshal,
	Unmarshal: func(data []byte, v any) error {
		if hasNUL(data) {
			return errNUL
		}
		return huma.DefaultJSONFormat.Unmarshal(data, v)
	},
}

var errNUL = tasknet.NewError(tasknet.Invalid, "bad_json", `strings may not hold \u0000.`)

// hasNUL reports whether a string in JSON holds a zero byte. It can only be there escaped.
func hasNUL(data []byte) bool {
	escape := []byte(`\u0000`)
	for from := 0; ; {
		i := bytes.Index(data[from:], escape)
		if i < 0 {
			return false
		}
		at := from + i + 1 // after the backslash, which is an escaped one itself when the number of those before is odd
		if (at-len(bytes.TrimRight(data[:at], `\`)))%2 == 1 {
			return true
		}
		from = at
	}
}

// amountSchema and timeSchema describe what marshals itself.
type (
	amountSchema string
	timeSchema   string
)

// Schema implements huma.SchemaProvider.
func (amountSchema) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Description: "An amount in whole tokens, with at most six decimals", Examples: []any{"0.018"}}
}

// Schema implements huma.SchemaProvider.
func (timeSchema) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "date-time", Description: "A moment in UTC, with milliseconds", Examples: []any{"2026-11-21T12:00:00.000Z"}}
}

// of is the reply that carries a body.
type of[T any] struct{ Body T }

// empty is the reply, or the request, that carries nothing.
type empty struct{}

// Paging is the query of every list.
type Paging struct {
	Cursor string `query:"cursor" maxLength:"1000" doc:"From the next field of the page before; left out: the first page"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"The most items on the page"`
}

// page returns the page of a list that is asked for.
func (s *Server) page(list string, p Paging) (tasknet.Page, error) {
	after, err := s.tokens.readCursor(list, p.Cursor)
	return tasknet.Page{After: after, Limit: p.Limit}, err
}

// next is the end of a page of a list.
func (s *Server) next(list, after string) wire.Page {
	return wire.Page{Next: s.tokens.newCursor(list, after)}
}

// partOf returns the items of a list in memory that are on a page, and where the next page begins: cursors are places in the list.
func partOf[T any](all []T, page tasknet.Page) (some []T, after string, err error) {
	from := 0
	if page.After != "" {
		if from, err = strconv.Atoi(page.After); err != nil || from < 0 || from > len(all) {
			return nil, "", errBadCursor
		}
	}
	to := min(from+page.Limit, len(all))
	if to < len(all) {
		after = strconv.Itoa(to)
	}
	return all[from:to], after, nil
}

// op describes an operation that takes no body, or an optional one.
func op(method, path, tag, id, summary string) huma.Operation {
	return huma.Operation{
		Method: method, Path: path, Tags: []string{tag}, OperationID: id, Summary: summary, MaxBodyBytes: jsonBytesMax + 1,
		Responses: map[string]*huma.Response{},
	}
}

type callerKey struct{}

// forRequester registers an operation for callers with an API key.
func forRequester[I, O any](s *Server, o huma.Operation, f func(context.Context, requester, *I) (*O, error)) {
	o.Security = []map[string][]string{{schemeKey: {}}}
	register(s, o, s.requester, f)
}

// forRespondent registers an operation for callers with a respondent's token.
func forRespondent[I, O any](s *Server, o huma.Operation, f func(context.Context, respondent, *I) (*O, error)) {
	o.Security = []map[string][]string{{schemeToken: {}}}
	register(s, o, s.respondent, f)
}

// forAnybody registers an operation for callers who need not say who they are. It gets their address.
func forAnybody[I, O any](s *Server, o huma.Operation, f func(context.Context, address, *I) (*O, error)) {
	limiter := s.limits.reads
	if o.Method != http.MethodGet {
		limiter = s.limits.address
	}
	register(s, o, func(c *fiber.Ctx) (address, error) {
		from := address(network(s.clientIP(c)))
		return from, take(c.UserContext(), limiter, string(from))
	}, f)
}

// address is where somebody unknown asks from.
type address string

// register registers an operation of callers that identify finds out, before anything of the request is looked at.
func register[Caller, I, O any](s *Server, o huma.Operation, identify func(*fiber.Ctx) (Caller, error), f func(context.Context, Caller, *I) (*O, error)) {
	o.Middlewares = append(o.Middlewares, func(ctx huma.Context, next func(huma.Context)) {
		c := humafiber.Unwrap(ctx)
		caller, err := identify(c)
		if err == nil {
			err = checkQuery(c, ctx.Operation())
		}
		if err != nil {
			if err := s.writeProblem(c, err); err != nil {
				panic(err) // a problem is JSON; what turns panics into replies is around this
			}
			return
		}
		next(huma.WithValue(ctx, callerKey{}, caller))
	})
	huma.Register(s.huma, o, func(ctx context.Context, in *I) (*O, error) {
		out, err := f(ctx, ctx.Value(callerKey{}).(Caller), in)
		if err != nil {
			return nil, s.problem(ctx, err)
		}
		return out, nil
	})
}

// requester finds out which organisation asks, by its API key, and counts the request.
func (s *Server) requester(c *fiber.Ctx) (requester, error) {
	secret := bearer(c)
	if !strings.HasPrefix(secret, "tn_") {
		return requester{}, errNoBearer
	}
	key, org, err := s.Pipeline.Authenticate(c.UserContext(), secret)
	if errors.Is(err, polls.ErrNoKey) { // guessing keys is limited; using one is not, whatever others at the address do
		if err := take(c.UserContext(), s.limits.address, network(s.clientIP(c))); err != nil {
			return requester{}, err
		}
	}
	if err != nil {
		return requester{}, err
	}
	return requester{key.ID, org}, take(c.UserContext(), s.limits.key, string(key.ID))
}

// respondent finds out who asks, by their token, and counts the request.
func (s *Server) respondent(c *fiber.Ctx) (respondent, error) {
	token := bearer(c)
	if token == "" {
		return respondent{}, errNoToken
	}
	who, err := s.holder(c.UserContext(), token)
	if err != nil {
		return respondent{}, err
	}
	s.Presence.Seen(who.id)
	return who, take(c.UserContext(), s.limits.respondent, string(who.id))
}

// holder returns whose token it is, if it and their device still serve.
func (s *Server) holder(ctx context.Context, token string) (respondent, error) {
	who, err := s.tokens.readToken(token, s.Now())
	if err != nil {
		return respondent{}, err
	}
	device, err := s.Polls.Device(ctx, who.device)
	if err != nil {
		return respondent{}, err
	}
	if device.Respondent != who.id {
		return respondent{}, errBadToken
	}
	return who, nil
}

var (
	errNoBearer = tasknet.NewError(tasknet.Unauthenticated, "api_key_required", "Send an API key, as Authorization: Bearer tn_...")
	errNoToken  = tasknet.NewError(tasknet.Unauthenticated, "token_required", "Send a respondent's token, as Authorization: Bearer rt_...")
)

func bearer(c *fiber.Ctx) string {
	scheme, secret, _ := strings.Cut(c.Get(fiber.HeaderAuthorization), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return secret
}

// plain registers an operation that huma does not handle, in the same document. Other methods at its address are answered
// alike, and are not in the document.
func (s *Server) plain(o huma.Operation, handler fiber.Handler, others ...string) {
	s.plainAt(o, strings.NewReplacer("{", ":", "}", "").Replace(o.Path), handler, others...)
}

// plainAt is plain for an operation whose path Fiber writes in a way of its own.
func (s *Server) plainAt(o huma.Operation, fiberPath string, handler fiber.Handler, others ...string) {
	checked := func(c *fiber.Ctx) error {
		if err := checkQuery(c, &o); err != nil {
			return err
		}
		return handler(c)
	}
	for _, method := range append(others, o.Method) {
		s.app.Add(method, fiberPath, checked)
	}
	o.Responses["default"] = &huma.Response{Description: "Error", Content: map[string]*huma.MediaType{
		problemType: {Schema: s.schema(reflect.TypeFor[problem]())},
	}}
	s.huma.OpenAPI().AddOperation(&o)
}

func (s *Server) schema(t reflect.Type) *huma.Schema {
	return s.huma.OpenAPI().Components.Schemas.Schema(t, true, t.Name())
}

// jsonOf describes a JSON body of a type.
func (s *Server) jsonOf(t reflect.Type) map[string]*huma.MediaType {
	return map[string]*huma.MediaType{"application/json": {Schema: s.schema(t)}}
}

func sendJSON(c *fiber.Ctx, status int, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
	return c.Status(status).Send(body)
}

// unlimited identifies nobody and counts nothing.
func unlimited(*fiber.Ctx) (empty, error) { return empty{}, nil }
