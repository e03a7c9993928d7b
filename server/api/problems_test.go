package api

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet"
)

// TestProblemsTable holds the table of codes against every place where the packages of the server make an error.
func TestProblemsTable(t *testing.T) {
	found := make(map[string]*knownProblem)
	list := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f", "{{if .Module}}{{if .Module.Main}}{{.Dir}}{{end}}{{end}}", ".")
	dirs, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range strings.Fields(string(dirs)) {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(tree, func(n ast.Node) bool {
				if kind, code, detail, ok := errorMade(n); ok {
					note(t, found, kind, code, detail)
				}
				return true
			})
		}
	}
	table := make([]knownProblem, 0, len(found))
	for _, p := range found {
		slices.Sort(p.Details)
		table = append(table, *p)
	}
	slices.SortFunc(table, func(a, b knownProblem) int { return strings.Compare(a.Code, b.Code) })
	var want bytes.Buffer
	enc := json.NewEncoder(&want)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(table); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("problems.json", want.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want.String(), string(problemsTable)); diff != "" {
		t.Errorf("problems.json is not what the code says; run the test with -update (-want +got):\n%s", diff)
	}
}

// note adds an error to those that were found.
func note(t *testing.T, found map[string]*knownProblem, kind tasknet.Kind, code, detail string) {
	t.Helper()
	p := found[code]
	if p == nil {
		p = &knownProblem{Code: code, Kind: kind, Details: []string{}}
		found[code] = p
	}
	if statusOf(p.Kind, code) != statusOf(kind, code) {
		t.Errorf("%s is of kind %s and of kind %s", code, p.Kind, kind)
	}
	if detail != "" && !slices.Contains(p.Details, detail) {
		p.Details = append(p.Details, detail)
	}
}

// errorMade reads a call of NewError with a code that is written there.
func errorMade(n ast.Node) (kind tasknet.Kind, code, detail string, ok bool) {
	call, ok := n.(*ast.CallExpr)
	if !ok || len(call.Args) != 3 || nameOf(call.Fun) != "NewError" {
		return "", "", "", false
	}
	if code, ok = words(call.Args[1]); !ok {
		return "", "", "", false
	}
	detail, _ = words(call.Args[2])
	return kinds[nameOf(call.Args[0])], code, strings.TrimSpace(detail), true
}

// kinds of errors by their names in the code.
var kinds = map[string]tasknet.Kind{
	"Internal": tasknet.Internal, "Invalid": tasknet.Invalid, "Unauthenticated": tasknet.Unauthenticated, "Forbidden": tasknet.Forbidden, "NotFound": tasknet.NotFound,
	"Conflict": tasknet.Conflict, "NoFunds": tasknet.NoFunds, "TooLarge": tasknet.TooLarge, "TooMany": tasknet.TooMany, "Unavailable": tasknet.Unavailable, "NotSupported": tasknet.NotSupported,
}

// nameOf is the last name of an expression such as tasknet.NewError.
func nameOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

var verb = regexp.MustCompile(`%[^a-zA-Z%]*[a-zA-Z]`)

// words are those of a text that is written in the code, with … for what is put in when it runs.
func words(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil
	case *ast.BinaryExpr:
		left, ok := words(e.X)
		right, known := words(e.Y)
		if !known {
			right = "…"
		}
		return left + right, ok
	case *ast.CallExpr:
		if nameOf(e.Fun) == "Sprintf" {
			text, ok := words(e.Args[0])
			return strings.ReplaceAll(verb.ReplaceAllString(text, "…"), "%%", "%"), ok
		}
	}
	return "", false
}

// TestProblemsPage: the type of a problem leads to a section of a page that says what the code means.
func TestProblemsPage(t *testing.T) {
	address, _ := start(t, base(t))
	p := send(t, address, request{method: "GET", path: "/v1/balance"}).problem(t)
	path, fragment, _ := strings.Cut(p.Type, "#")
	page := send(t, address, request{method: "GET", path: path})
	if page.status != 200 || !strings.Contains(page.body, `<h3 id="`+fragment+`">api_key_required</h3>`+"\n<p>"+p.Detail+"</p>") {
		t.Errorf("status %d: no section %s with %q", page.status, fragment, p.Detail)
	}
	var table []knownProblem
	if err := json.Unmarshal(problemsTable, &table); err != nil || len(table) < 100 {
		t.Fatalf("%d codes, %v", len(table), err)
	}
	for _, known := range table {
		if statusOf(known.Kind, known.Code) == 0 || strings.Count(page.body, `id="`+known.Code+`"`) != 1 {
			t.Errorf("%s, of kind %q, is not on the page once", known.Code, known.Kind)
		}
	}
	for _, bad := range []string{"<script", "style=", "http://", "https://", "<no value>", "ZgotmplZ", "onclick", "%s", "%d"} {
		if strings.Contains(page.body, bad) {
			t.Errorf("the page has %q", bad)
		}
	}
}
