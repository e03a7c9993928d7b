package tasknet_test

import (
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// TestPackageComments wants every package to say once what it is for.
func TestPackageComments(t *testing.T) {
	t.Parallel()
	for name, p := range listPackages(t) {
		if !p.ours {
			continue
		}
		var in []string
		for _, file := range p.GoFiles {
			parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, file), nil, parser.PackageClauseOnly|parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			if parsed.Doc == nil {
				continue
			}
			in = append(in, file)
			want := "Package " + p.Name + " "
			if p.Name == "main" {
				want = "Command "
			}
			if text := parsed.Doc.Text(); !strings.HasPrefix(text, want) {
				t.Errorf("%s: the package comment in %s starts with %q; start it with %q", name, file, strings.SplitAfterN(text, " ", 3)[:2], want)
			}
		}
		if len(in) != 1 {
			t.Errorf("%s has %d package comments %v; write one", name, len(in), in)
		}
	}
}
