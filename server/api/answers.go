package api

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"reflect"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/wire"
)

var errBadAnswerJSON = tasknet.NewError(tasknet.Invalid, "bad_json", "The body must be one JSON object with exactly the fields of an answer; /docs shows them.")

func (s *Server) answerRoutes() {
	answer := op(http.MethodPost, "/v1/answers", tagAnswer, "answer", "Answer a question")
	answer.Description = "The signature alone says who answers; no token is needed. When the reply comes, the answer is durable. The same answer sent " +
		"again gets the same reply, with status 200."
	answer.RequestBody = &huma.RequestBody{Required: true, Content: s.jsonOf(reflect.TypeFor[wire.Answer]())}
	accepted := s.jsonOf(reflect.TypeFor[wire.Accepted]())
	answer.Responses["201"] = &huma.Response{Description: "Recorded", Content: accepted}
	answer.Responses["200"] = &huma.Response{Description: "Recorded before", Content: accepted}
	s.plain(answer, s.answer)
}

// answer is the path of every answer. What costs time here costs every answer, so that nothing is done twice.
func (s *Server) answer(c *fiber.Ctx) error {
	body := c.Request().Body()
	if len(body) > answerBytesMax {
		return errBodyTooLarge
	}
	in, ok := scanAnswer(body)
	if !ok { // not as programs write it: leave it to the whole of JSON
		var err error
		if in, err = decodeAnswer(body); err != nil {
			return s.refused(c, err)
		}
	}
	a, err := answerOf(in)
	if err != nil {
		return s.refused(c, err)
	}
	device := string(a.Device[:])
	if err := look(c.UserContext(), s.limits.device, device); err != nil {
		return err
	}
	recorded, err := s.Polls.Answer(c.UserContext(), a)
	if err != nil {
		return s.refused(c, err)
	}
	status := http.StatusOK
	if recorded.Fresh {
		status = http.StatusCreated
		s.limits.device.Take(c.UserContext(), device)
	}
	c.Response().Header.SetContentType(fiber.MIMEApplicationJSON)
	c.Response().SwapBody(appendAccepted(c.Response().SwapBody(nil)[:0], s.logName, &recorded)) // the buffer of an earlier reply
	c.Status(status)
	return nil
}

// refused counts an answer that was not worth checking against the address that sent it, unless it was our fault. Good
// answers from the same address are taken whatever its count is: many people may be behind it.
func (s *Server) refused(c *fiber.Ctx, err error) error {
	if kind := tasknet.Describe(err).Kind; kind == tasknet.Invalid || kind == tasknet.Forbidden {
		if err := take(c.UserContext(), s.limits.address, network(s.clientIP(c))); err != nil {
			return err
		}
	}
	return err
}

// answerOf reads what the device sent.
func answerOf(in wire.Answer) (polls.Answer, error) {
	a := polls.Answer{
		Question: polls.QuestionID(in.Question), Assignment: polls.AssignmentID(in.Assignment), Nonce: in.Nonce, ClientMS: in.Time,
	}
	choice, value, err := in.Given.Read()
	if err != nil {
		return a, polls.ErrBadValue
	}
	a.Choice, a.Value = choice, polls.Value(value)
	if len(in.Device) != 2*len(a.Device) || len(in.Signature) != 2*len(a.Signature) {
		_, err := polls.ParseDeviceKey(in.Device)
		if err == nil {
			err = errDeviceSignature
		}
		return a, err
	}
	device, err := polls.ParseDeviceKey(in.Device)
	if err != nil {
		return a, err
	}
	a.Device = device
	if _, err := hex.Decode(a.Signature[:], []byte(in.Signature)); err != nil {
		return a, errDeviceSignature
	}
	if err := tasknet.CheckID(polls.QuestionPrefix, in.Question); err != nil {
		return a, err
	}
	return a, nil
}

// decodeAnswer reads an answer from any JSON object that has all of its fields, no other, and nothing after it.
func decodeAnswer(body []byte) (wire.Answer, error) {
	in := struct {
		wire.Answer
		Time *int64 `json:"time_ms"`
	}{}
	if hasNUL(body) {
		return wire.Answer{}, errBadAnswerJSON
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&in); err != nil || (in.Choice == nil) == (in.Value == nil) || in.Time == nil {
		return wire.Answer{}, errBadAnswerJSON
	}
	if _, err := dec.Token(); err != io.EOF {
		return wire.Answer{}, errBadAnswerJSON
	}
	in.Answer.Time = *in.Time
	return in.Answer, nil
}

// scanAnswer reads an answer that is a choice from JSON as programs write it: the fields of wire.Answer, each once,
// strings without escapes. It reports false for everything else, which may still be JSON. It takes a tenth of the time of package json.
func scanAnswer(body []byte) (out wire.Answer, ok bool) {
	p, seen := scanner{rest: body}, 0
	for open := byte('{'); p.take(open); open = ',' {
		name, ok := p.text()
		if !ok || !p.take(':') {
			return out, false
		}
		field := 0
		switch string(name) {
		case "assignment":
			field, ok = 1<<0, p.string(&out.Assignment)
		case "question":
			field, ok = 1<<1, p.string(&out.Question)
		case "device":
			field, ok = 1<<2, p.string(&out.Device)
		case "choice":
			n := int64(0)
			field, ok = 1<<3, p.integer(&n)
			choice := int(n)
			out.Choice = &choice
		case "nonce":
			field, ok = 1<<4, p.string(&out.Nonce)
		case "time_ms":
			field, ok = 1<<5, p.integer(&out.Time)
		case "signature":
			field, ok = 1<<6, p.string(&out.Signature)
		}
		if !ok || field == 0 || seen&field != 0 {
			return out, false
		}
		seen |= field
	}
	return out, p.take('}') && p.atEnd() && seen == 1<<7-1
}

// scanner reads tokens of JSON.
type scanner struct{ rest []byte }

// atEnd skips white space and reports whether nothing follows.
func (p *scanner) atEnd() bool {
	i := 0
	for i < len(p.rest) && (p.rest[i] == ' ' || p.rest[i] == '\t' || p.rest[i] == '\r' || p.rest[i] == '\n') {
		i++
	}
	p.rest = p.rest[i:]
	return len(p.rest) == 0
}

// take skips white space and then c, if it comes next.
func (p *scanner) take(c byte) bool {
	if p.atEnd() || p.rest[0] != c {
		return false
	}
	p.rest = p.rest[1:]
	return true
}

// text reads a string of printable ASCII without escapes.
func (p *scanner) text() ([]byte, bool) {
	if !p.take('"') {
		return nil, false
	}
	for i, c := range p.rest {
		if c == '"' {
			text := p.rest[:i]
			p.rest = p.rest[i+1:]
			return text, true
		}
		if c < ' ' || c > '~' || c == '\\' {
			return nil, false
		}
	}
	return nil, false
}

func (p *scanner) string(out *string) bool {
	text, ok := p.text()
	*out = string(text) // a copy: the request's buffer is used again
	return ok
}

// integer reads an integer of at most 18 digits, as JSON writes it: no plus, no leading zeros.
func (p *scanner) integer(out *int64) bool {
	if p.atEnd() {
		return false
	}
	n, digits, negative := int64(0), 0, false
	rest := p.rest
	if rest[0] == '-' {
		negative, rest = true, rest[1:]
	}
	for digits < len(rest) && rest[digits] >= '0' && rest[digits] <= '9' {
		n = n*10 + int64(rest[digits]-'0')
		if digits++; digits > 18 {
			return false
		}
	}
	if digits == 0 || (rest[0] == '0' && digits > 1) {
		return false
	}
	if negative {
		n = -n
	}
	p.rest, *out = rest[digits:], n
	return true
}

// appendAccepted writes the JSON of wire.Accepted. Nothing in it needs escapes.
func appendAccepted(b []byte, log string, r *polls.Recorded) []byte {
	b = append(append(b, `{"answer":"`...), r.Answer.ID...)
	b = append(append(b, `","pays":"`...), r.Pays.String()...)
	b = append(b, `","at":"`...)
	b = r.Answer.AcceptedAt.UTC().AppendFormat(b, wire.TimeLayout)
	b = append(append(b, `","receipt":{"id":"`...), r.Receipt.ID...)
	b = hex.AppendEncode(append(b, `","record":"`...), r.Receipt.Record[:])
	b = hex.AppendEncode(append(b, `","root":"`...), r.Receipt.Root[:])
	b = strconv.AppendInt(append(b, `","index":`...), int64(r.Receipt.Index), 10)
	b = strconv.AppendInt(append(b, `,"size":`...), int64(r.Receipt.Size), 10)
	b = append(b, `,"path":[`...)
	for i, node := range r.Receipt.Path {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(hex.AppendEncode(append(b, '"'), node[:]), '"')
	}
	b = append(append(b, `],"log":"`...), log...)
	b = strconv.AppendInt(append(b, `","first":`...), r.Receipt.First, 10)
	b = strconv.AppendInt(append(b, `,"at_ms":`...), r.Receipt.At.UnixMilli(), 10)
	b = strconv.AppendInt(append(b, `,"by_ms":`...), r.Receipt.By.UnixMilli(), 10)
	b = hex.AppendEncode(append(b, `,"signature":"`...), r.Receipt.Signature[:])
	return append(b, `"}}`...)
}
