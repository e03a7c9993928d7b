package sdk

import (
	"fmt"
	"go/ast"
	"go/build"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"os/exec"
	"strings"
	"testing"
)

// TestBindable walks all that is exported, and finds nothing that gomobile would leave out.
func TestBindable(t *testing.T) {
	files := token.NewFileSet()
	here, err := build.ImportDir(".", 0)
	if err != nil {
		t.Fatal(err)
	}
	var sources []*ast.File
	for _, name := range here.GoFiles {
		f, err := parser.ParseFile(files, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, f)
	}
	bad, seen := unbindable(t, files, sources)
	for _, line := range bad {
		t.Error(line)
	}
	for _, name := range []string{"Open", "Session.Answer", "Listener.Accepted", "CannotTell", "NewCancel"} {
		if !seen[name] {
			t.Errorf("%s was not looked at", name)
		}
	}
}

// TestUnbindable shows the walk what gomobile leaves out.
func TestUnbindable(t *testing.T) {
	for source, want := range map[string]string{
		"func F(c []string) {}":                           "F: []string",
		"func F() (int, int) { return 0, 0 }":             "F: two results, of which the second is no error",
		"func F() (int, int, error) { return 0, 0, nil }": "F: three results",
		"func F(m map[string]int) {}":                     "F: map[string]int",
		"func F(u uint64) {}":                             "F: uint64",
		"func F(more ...string) {}":                       "F: variadic",
		"func F(f func()) {}":                             "F: func()",
		"type D int64; func F(d D) {}":                    "F: x.D",
		"func G[T any](t T) {}":                           "G: generic",
		"type S struct{}; func F(s S) {}":                 "F: x.S",
		"type S struct{ C chan int }":                     "S.C: chan int",
		"type S struct{}; func (S) M(e []error) {}":       "S.M: []error",
		"type I interface{ M(map[int]int) }":              "I.M: map[int]int",
		`import "context"; func F(c context.Context) {}`:  "F: context.Context",
	} {
		files := token.NewFileSet()
		f, err := parser.ParseFile(files, "x.go", "package x; "+source, 0)
		if err != nil {
			t.Fatal(err)
		}
		if bad, _ := unbindable(t, files, []*ast.File{f}); len(bad) != 1 || bad[0] != want {
			t.Errorf("%s: %q, want %q", source, bad, want)
		}
	}
	const good = `package x; type I interface{ M(string, []byte) error }; type S struct{ N int; hidden map[int]int }
		func F(i I, s *S, a bool, b int, c int64, d float64) (*S, error) { return nil, nil }; func (*S) m(chan int) {}; const C = 1`
	files := token.NewFileSet()
	f, err := parser.ParseFile(files, "x.go", good, 0)
	if err != nil {
		t.Fatal(err)
	}
	if bad, _ := unbindable(t, files, []*ast.File{f}); len(bad) != 0 {
		t.Errorf("what can be bound: %q", bad)
	}
}

// unbindable returns what of a package's exported names gomobile cannot bind, and which names there are.
func unbindable(t *testing.T, files *token.FileSet, sources []*ast.File) (bad []string, seen map[string]bool) {
	t.Helper()
	if build.Default.GOROOT == "" { // where the standard library is, which a program built with -trimpath does not know
		out, err := exec.CommandContext(t.Context(), "go", "env", "GOROOT").Output()
		if err != nil {
			t.Fatal(err)
		}
		build.Default.GOROOT = strings.TrimSpace(string(out))
	}
	config := types.Config{Importer: importer.ForCompiler(files, "source", nil)}
	p, err := config.Check("x", files, sources, nil)
	if err != nil {
		t.Fatal(err)
	}
	w := &walk{home: p, seen: make(map[string]bool)}
	for _, name := range p.Scope().Names() {
		if o := p.Scope().Lookup(name); o.Exported() {
			w.object(o)
		}
	}
	return w.bad, w.seen
}

type walk struct {
	home *types.Package
	bad  []string
	seen map[string]bool
}

func (w *walk) object(o types.Object) {
	w.seen[o.Name()] = true
	switch o := o.(type) {
	case *types.Func:
		w.signature(o.Name(), o.Signature())
	case *types.Var, *types.Const:
		if _, ok := o.Type().Underlying().(*types.Basic); !ok {
			w.value(o.Name(), o.Type())
		}
	case *types.TypeName:
		w.named(o)
	}
}

func (w *walk) named(o *types.TypeName) {
	switch under := o.Type().Underlying().(type) {
	case *types.Struct:
		for f := range under.Fields() {
			if f.Exported() {
				w.value(o.Name()+"."+f.Name(), f.Type())
			}
		}
	case *types.Interface:
		for m := range under.Methods() {
			w.seen[o.Name()+"."+m.Name()] = true
			w.signature(o.Name()+"."+m.Name(), m.Signature())
		}
	}
	if named, ok := o.Type().(*types.Named); ok {
		for m := range named.Methods() {
			if m.Exported() && m.Name() != "Unwrap" && m.Name() != "Is" { // for callers in Go; left out of bindings where they must be
				w.seen[o.Name()+"."+m.Name()] = true
				w.signature(o.Name()+"."+m.Name(), m.Signature())
			}
		}
	}
}

func (w *walk) signature(name string, s *types.Signature) {
	switch {
	case s.TypeParams().Len() > 0:
		w.bad = append(w.bad, name+": generic")
		return
	case s.Variadic():
		w.bad = append(w.bad, name+": variadic")
		return
	case s.Results().Len() > 2:
		w.bad = append(w.bad, name+": three results")
		return
	case s.Results().Len() == 2 && s.Results().At(1).Type().String() != "error":
		w.bad = append(w.bad, name+": two results, of which the second is no error")
		return
	}
	for v := range s.Params().Variables() {
		w.value(name, v.Type())
	}
	for v := range s.Results().Variables() {
		w.value(name, v.Type())
	}
}

// value looks at a type of a value that crosses.
func (w *walk) value(name string, typ types.Type) {
	if !w.crosses(typ) {
		w.bad = append(w.bad, fmt.Sprintf("%s: %s", name, typ))
	}
}

func (w *walk) crosses(typ types.Type) bool {
	switch typ := types.Unalias(typ).(type) {
	case *types.Basic:
		switch typ.Kind() {
		case types.String, types.Bool, types.Int, types.Int8, types.Int16, types.Int32, types.Int64, types.Uint8, types.Float32, types.Float64:
			return true
		}
	case *types.Slice:
		return typ.Elem() == types.Typ[types.Byte] || types.Identical(typ.Elem(), types.Universe.Lookup("byte").Type())
	case *types.Pointer:
		named, ok := typ.Elem().(*types.Named)
		if !ok || named.Obj().Pkg() != w.home {
			return false
		}
		_, ok = named.Underlying().(*types.Struct)
		return ok
	case *types.Named:
		if typ.Obj().Pkg() == nil {
			return typ.Obj().Name() == "error"
		}
		_, ok := typ.Underlying().(*types.Interface)
		return ok && typ.Obj().Pkg() == w.home
	}
	return false
}
