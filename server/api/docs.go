package api

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"
)

//go:embed docs.html
var docsPage string

//go:embed docs.css
var docsStyle []byte

// docsRoutes serves the OpenAPI document and a page made of it, which needs no script and nothing from elsewhere. Each is
// written when it is first asked for: that takes longer than all else that makes a server.
func (s *Server) docsRoutes() {
	for _, o := range s.operations {
		for _, p := range o.Parameters {
			if p.Name == idempotencyHeader {
				p.Required = true // checked by us, for an error that says what to do
			}
		}
	}
	for _, file := range []struct {
		path, mediaType string
		write           func() ([]byte, error)
	}{
		{"/openapi.json", "application/openapi+json", s.writeDocument},
		{"/docs", "text/html; charset=utf-8", s.renderDocs},
		{problemsPath, "text/html; charset=utf-8", renderProblems},
		{"/docs/style.css", "text/css; charset=utf-8", func() ([]byte, error) { return docsStyle, nil }},
	} {
		written := sync.OnceValues(file.write)
		s.app.Get(file.path, func(c *fiber.Ctx) error {
			body, err := written()
			if err != nil {
				return fmt.Errorf("write %s: %w", file.path, err)
			}
			c.Set(fiber.HeaderCacheControl, "no-cache")
			c.Set(fiber.HeaderContentType, file.mediaType)
			return c.Send(body)
		})
	}
}

// writeDocument writes the OpenAPI document.
func (s *Server) writeDocument() ([]byte, error) { return json.Marshal(s.huma.OpenAPI()) }

// chapter is a tag with its operations.
type chapter struct {
	*huma.Tag
	Operations []*operationDoc
}

// operationDoc is an operation as the page shows it.
type operationDoc struct {
	*huma.Operation
	Who      string
	Body     *schemaDoc
	BodyType string
	Replies  []replyDoc
}

type replyDoc struct {
	Status, Description, Type string
	Body                      *schemaDoc
}

// schemaDoc is a type as the page shows it: a name to link to, or its fields.
type schemaDoc struct {
	Name    string // of a type with a section of its own
	Text    string // its type in words
	Example string
	Fields  []fieldDoc
}

type fieldDoc struct {
	Name, Doc string
	Required  bool
	Schema    *schemaDoc
}

func (s *Server) renderDocs() ([]byte, error) {
	api := s.huma.OpenAPI()
	chapters := make([]*chapter, 0, len(api.Tags))
	byTag := make(map[string]*chapter)
	for _, t := range api.Tags {
		c := &chapter{Tag: t}
		chapters, byTag[t.Name] = append(chapters, c), c
	}
	for _, o := range s.operations {
		c := byTag[o.Tags[0]]
		c.Operations = append(c.Operations, operationOf(o))
	}
	schemas := api.Components.Schemas.Map()
	names := make([]string, 0, len(schemas))
	for name := range schemas {
		names = append(names, name)
	}
	slices.Sort(names)
	types := make([]schemaDoc, len(names))
	for i, name := range names {
		types[i] = schemaDoc{Name: name, Text: schemas[name].Description, Example: exampleOf(schemas[name]), Fields: fieldsOf(schemas[name])}
	}
	page, err := template.New("docs").Parse(docsPage)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = page.Execute(&out, map[string]any{"Info": api.Info, "Chapters": chapters, "Types": types})
	return out.Bytes(), err
}

// exampleOf writes a schema's first example; empty when it has none.
func exampleOf(s *huma.Schema) string {
	if len(s.Examples) == 0 {
		return ""
	}
	text, err := json.Marshal(s.Examples[0])
	if err != nil {
		panic(err) // it is written into the document as well
	}
	return string(text)
}

func operationOf(o *huma.Operation) *operationDoc {
	out := &operationDoc{Operation: o, Who: "Everybody"}
	for _, scheme := range o.Security {
		if _, ok := scheme[schemeKey]; ok {
			out.Who = "API key"
		} else {
			out.Who = "Respondent's token"
		}
	}
	if o.RequestBody != nil {
		out.BodyType, out.Body = bodyOf(o.RequestBody.Content)
	}
	for status, r := range o.Responses {
		reply := replyDoc{Status: status, Description: r.Description}
		reply.Type, reply.Body = bodyOf(r.Content)
		out.Replies = append(out.Replies, reply)
	}
	slices.SortFunc(out.Replies, func(a, b replyDoc) int { return strings.Compare(a.Status, b.Status) })
	return out
}

// bodyOf returns the types that a body may have, and the schema of the first that has fields.
func bodyOf(content map[string]*huma.MediaType) (string, *schemaDoc) {
	types := make([]string, 0, len(content))
	for t := range content {
		types = append(types, t)
	}
	slices.Sort(types)
	for _, t := range types {
		if d := schemaOf(content[t].Schema); d.Name != "" || len(d.Fields) > 0 {
			return strings.Join(types, ", "), d
		}
	}
	return strings.Join(types, ", "), nil
}

func schemaOf(s *huma.Schema) *schemaDoc {
	switch {
	case s == nil:
		return &schemaDoc{}
	case s.Ref != "":
		return &schemaDoc{Name: s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]}
	case s.Type == huma.TypeArray:
		item := schemaOf(s.Items)
		item.Text = strings.TrimSpace("list of " + item.Text)
		return item
	case len(s.Enum) > 0:
		return &schemaDoc{Text: strings.Trim(strings.ReplaceAll(fmt.Sprint(s.Enum), " ", " | "), "[]")}
	case s.Format != "":
		return &schemaDoc{Text: s.Type + ", " + s.Format, Fields: fieldsOf(s)}
	}
	return &schemaDoc{Text: s.Type, Fields: fieldsOf(s)}
}

// fieldsOf returns the fields of an object, of the objects in a list, or the forms that a value has one of.
func fieldsOf(s *huma.Schema) []fieldDoc {
	if s.Items != nil {
		return fieldsOf(s.Items)
	}
	if len(s.AnyOf) > 0 {
		out := make([]fieldDoc, len(s.AnyOf))
		for i, form := range s.AnyOf {
			out[i] = fieldDoc{Name: form.Title, Schema: schemaOf(form)}
		}
		return out
	}
	names := make([]string, 0, len(s.Properties))
	for name := range s.Properties {
		names = append(names, name)
	}
	slices.Sort(names)
	out := make([]fieldDoc, len(names))
	for i, name := range names {
		p := s.Properties[name]
		out[i] = fieldDoc{Name: name, Doc: p.Description, Required: slices.Contains(s.Required, name), Schema: schemaOf(p)}
	}
	return out
}
