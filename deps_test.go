package tasknet_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/tasknet/tasknet"

// arrows says for each package of this module which others of the module it may import. What is not listed is forbidden,
// and a new package needs a row. "x/..." is x and everything below it. server/bench measures phones by what runs on them.
var arrows = map[string][]string{
	".": {},

	"polls":                 {"."},
	"polls/pollstest":       {".", "polls"},
	"labeling":              {".", "polls", "labeling/aggregate", "labeling/fusion"},
	"labeling/aggregate":    {"."},
	"labeling/fusion":       {"polls", "labeling/aggregate"},
	"labeling/labelingtest": {".", "polls", "polls/pollstest", "labeling", "labeling/aggregate"},

	"rewards":              {".", "rewards/merkle"},
	"rewards/merkle":       {"."},
	"rewards/eth":          {".", "rewards", "rewards/merkle", "rewards/eth/contract"},
	"rewards/eth/contract": {},
	"rewards/eth/gas":      {".", "rewards/merkle", "rewards/eth/contract"},
	"rewards/eth/ethtest":  {"rewards/eth/contract"},
	"rewards/rewardstest":  {".", "rewards", "rewards/merkle"},

	"compute":                       {".", "polls"},
	"compute/computetest":           {"compute"},
	"compute/corpus":                {".", "compute"},
	"compute/folder":                {".", "compute"},
	"compute/torchscript":           {"."},
	"compute/wasm":                  {"."},
	"compute/wasi":                  {".", "compute/wasm"},
	"compute/task":                  {".", "compute", "compute/corpus", "compute/folder", "compute/wasi", "compute/wasm"},
	"compute/worker":                {".", "compute", "compute/folder", "compute/task", "server/client", "server/wire"},
	"compute/desktop":               {".", "compute", "compute/desktop/machine", "compute/desktop/tray", "compute/worker", "server/client", "server/wire", "web/src/styles"},
	"compute/desktop/autostart":     {"."},
	"compute/desktop/machine":       {},
	"compute/desktop/tray":          {},
	"compute/desktop/tray/traytest": {},
	"compute/desktop/update":        {"."},
	"compute/train/gomlx":           {"compute"},
	"compute/train/torch":           {".", "compute", "compute/torchscript"},
	"compute/cmd/tasknet-node":      {".", "polls", "compute", "compute/corpus", "compute/folder", "compute/task", "compute/train/gomlx", "compute/train/torch", "compute/worker", "compute/desktop", "compute/desktop/autostart", "compute/desktop/machine", "compute/desktop/update", "server/client", "server/wire"},

	"server/wire":            {"."},
	"server/client":          {".", "polls", "compute", "rewards", "server/wire"},
	"server/pipeline":        {".", "polls", "labeling", "rewards", "compute", "compute/torchscript"},
	"server/store":           {".", "polls", "labeling", "rewards", "compute", "server/pipeline"},
	"server/store/storetest": {"server/store"},
	"server/cache":           {".", "polls", "server/pipeline"},
	"server/cache/cachetest": {},
	"server/media":           {"."},
	"server/artefact":        {".", "server/pipeline"},
	"server/exam":            {".", "compute", "compute/corpus", "compute/folder", "compute/train/gomlx", "server/pipeline"},
	"server/push":            {".", "polls", "rewards", "server/pipeline"},
	"server/rates":           {"."},
	"server/tlog":            {".", "polls", "server/client", "server/wire"},
	"server/api":             {".", "polls", "labeling", "compute", "rewards", "rewards/merkle", "server/wire", "server/pipeline", "server/cache", "server/media", "server/rates", "server/interchange"},
	"server/app": {
		".", "polls", "labeling", "rewards", "rewards/eth", "compute", "server/wire", "server/pipeline", "server/store", "server/cache",
		"server/media", "server/artefact", "server/exam", "server/rates", "server/api", "server/interchange", "server/tlog", "server/push", "web",
	},
	"server/testnet": {"..."},

	"server/interchange": {".", "polls", "labeling", "labeling/aggregate"},
	"server/ordered":     {},
	"server/verify":      {".", "polls", "labeling", "compute", "rewards", "rewards/merkle", "server/wire", "server/client", "server/ordered"},
	"server/bundle":      {".", "polls", "rewards", "server/wire", "server/client", "server/verify", "server/ordered"},
	"server/replay":      {".", "polls", "rewards", "server/wire", "server/client", "server/verify", "server/interchange"},
	"server/bench":       {".", "mobile/sdk", "polls", "labeling", "compute", "compute/corpus", "compute/train/gomlx", "rewards", "rewards/merkle", "server/wire", "server/client", "server/pipeline", "server/store", "server/app", "server/verify", "server/bundle", "server/ordered"},
	"server/cmd/tasknet": {".", "polls", "labeling", "labeling/aggregate", "labeling/fusion", "compute", "compute/corpus", "compute/folder", "compute/torchscript", "compute/wasm", "rewards", "rewards/merkle", "rewards/eth", "rewards/eth/ethtest", "rewards/eth/gas", "server/wire", "server/client", "server/pipeline", "server/store", "server/app", "server/verify", "server/bundle", "server/interchange", "server/replay", "server/bench", "web"},

	"mobile/sdk": {".", "server/client", "server/wire"},

	"web":            {},
	"web/src/styles": {},
}

// limits is what packages must not reach, by whatever way.
var limits = []struct {
	who, never []string
	why        string
}{
	{
		who:   []string{"polls", "labeling", "labeling/aggregate", "labeling/fusion", "compute", "rewards", "rewards/merkle"},
		never: []string{"server/...", "web", "database/sql/...", "net/http/...", fiber, redis, ethereum, pgx, sqlite},
		why:   "domains do no I/O",
	},
	{
		who:   []string{"rewards/..."},
		never: []string{"polls/...", "labeling/..."},
		why:   "the ledger is audited alone",
	},
	{
		who:   []string{"polls"},
		never: []string{"labeling/...", "rewards/..."},
		why:   "value types flow downstream only",
	},
	{
		who:   []string{"server/wire", "server/client"},
		never: []string{"database/sql/...", fiber, redis, ethereum, pgx, sqlite, "testing/..."},
		why:   "clients are small: phones and nodes import these",
	},
	{
		who:   []string{"mobile/sdk"},
		never: []string{"database/sql/...", fiber, redis, ethereum, pgx, sqlite, "testing/..."},
		why:   "phones are small",
	},
	{
		who:   []string{"server/...", "mobile/..."},
		never: []string{gotch},
		why:   "libtorch is for those who train",
	},
	{
		who:   []string{"server/cmd/tasknet"},
		never: []string{"testing/...", "net/http/httptest", testify, "server/testnet", "polls/pollstest", "labeling/labelingtest", "rewards/rewardstest", "rewards/eth/ethtest", "server/cache/cachetest", "server/store/storetest"},
		why:   "test code is not shipped",
	},
}

// forgiven are imports of others that the limits would forbid. TestBinary sees that nothing but their init is shipped.
var forgiven = map[[2]string]bool{
	{"github.com/gofiber/fiber/v2/utils", "testing"}: true, // for its own assertions
}

// owners are the only packages that may import something, their tests and everybody's included.
var owners = []struct {
	owner, what []string
	why         string
}{
	{[]string{"rewards/eth/..."}, []string{ethereum}, "one package knows the chain"},
	{[]string{"server/store/...", "server/testnet"}, []string{"database/sql/...", pgx, sqlite, goose}, "all SQL is in one place, but for what makes databases for tests"},
	{[]string{"server/cache/..."}, []string{redis}, "what servers share in memory is in one place"},
	{[]string{"server/api/..."}, []string{fiber, huma}, "framework types stop at the door"},
	{[]string{"compute/train/torch"}, []string{gotch}, "tensors stay in one package"},
	{[]string{"compute/desktop/tray/..."}, []string{dbus}, "one package knows what an icon is made of"},
}

const (
	dbus     = "github.com/godbus/dbus/..."
	ethereum = "github.com/ethereum/go-ethereum/..."
	fiber    = "github.com/gofiber/fiber/..."
	gotch    = "github.com/sugarme/gotch/..."
	goose    = "github.com/pressly/goose/..."
	huma     = "github.com/danielgtaylor/huma/..."
	pgx      = "github.com/jackc/pgx/..."
	redis    = "github.com/redis/..."
	sqlite   = "modernc.org/sqlite/..."
	testify  = "github.com/stretchr/testify/..."
)

// pkg is what `go list` tells of a package. Ours have their path below the module as a name, "." for the root.
type pkg struct {
	Name, Dir    string
	Standard     bool
	GoFiles      []string
	Imports      []string
	TestImports  []string
	XTestImports []string
	ours         bool
}

// graph is all packages that the module needs to build, by name.
type graph map[string]*pkg

func listPackages(t *testing.T) graph {
	t.Helper()
	return listed(t, "CGO_ENABLED=0")
}

// listed is listPackages with a setting and options for go list.
func listed(t *testing.T, setting string, options ...string) graph {
	t.Helper()
	list := exec.CommandContext(t.Context(), "go", slices.Concat([]string{
		"list", "-deps", "-json=ImportPath,Name,Dir,Standard,GoFiles,Imports,TestImports,XTestImports",
	}, options, []string{"./..."})...)
	list.Env = append(os.Environ(), setting)
	var stderr bytes.Buffer
	list.Stderr = &stderr
	out, err := list.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.Bytes())
	}
	g := graph{}
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct {
			pkg
			ImportPath string
		}
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return g
		} else if err != nil {
			t.Fatalf("go list: %v", err)
		}
		name, ours := below(p.ImportPath)
		p.ours = ours
		for _, imports := range [][]string{p.Imports, p.TestImports, p.XTestImports} {
			for i := range imports {
				imports[i], _ = below(imports[i])
			}
		}
		g[name] = &p.pkg
	}
}

// below returns the name that the graph knows an import path by, and whether it is of this module.
func below(path string) (string, bool) {
	if path == module {
		return ".", true
	}
	name, ours := strings.CutPrefix(path, module+"/")
	return name, ours
}

// with returns the graph with one more import.
func (g graph) with(from, to string) graph {
	changed := maps.Clone(g)
	p := *g[from]
	p.Imports = append(slices.Clone(p.Imports), to)
	changed[from] = &p
	if _, ok := g[to]; !ok {
		changed[to] = &pkg{}
	}
	return changed
}

// way returns the shortest way from a package to one that a pattern matches, or nil.
func (g graph) way(from string, patterns []string) []string {
	came := map[string]string{from: ""}
	for queue := []string{from}; len(queue) > 0; queue = queue[1:] {
		at := queue[0]
		if at != from && matchesAny(patterns, at) {
			var way []string
			for ; at != ""; at = came[at] {
				way = append(way, at)
			}
			slices.Reverse(way)
			return way
		}
		if g[at] == nil {
			continue
		}
		for _, next := range g[at].Imports {
			if _, seen := came[next]; !seen && !forgiven[[2]string{at, next}] {
				came[next] = at
				queue = append(queue, next)
			}
		}
	}
	return nil
}

func matches(pattern, name string) bool {
	tree, all := strings.CutSuffix(pattern, "...")
	if !all {
		return pattern == name
	}
	return name+"/" == tree || strings.HasPrefix(name, tree)
}

func matchesAny(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return matches(p, name) })
}

// complaints returns a line for each rule that the graph breaks.
func (g graph) complaints() []string {
	var all []string
	complain := func(format string, args ...any) { all = append(all, fmt.Sprintf(format, args...)) }

	for name := range arrows {
		if g[name] == nil {
			complain("%s has a row and does not exist", name)
		}
	}
	for name, p := range g {
		if !p.ours {
			continue
		}
		may, listed := arrows[name]
		if !listed {
			complain("%s has no row that says what it may import", name)
			continue
		}
		for _, imported := range p.Imports {
			if to := g[imported]; to != nil && to.ours && !matchesAny(may, imported) {
				complain("%s may not import %s", name, imported)
			}
		}
	}
	for _, imported := range g["."].Imports {
		if p := g[imported]; p == nil || !p.Standard {
			complain(". may not import %s: the kernel needs the standard library alone", imported)
		}
		if slices.Contains([]string{"os", "net", "net/http", "io/fs", "database/sql", "log", "log/slog"}, imported) {
			complain(". may not import %s: the kernel does no I/O", imported)
		}
	}
	for _, limit := range limits {
		for name, p := range g {
			if !p.ours || !matchesAny(limit.who, name) {
				continue
			}
			if way := g.way(name, limit.never); way != nil {
				complain("%s may not reach %s: %s (by %s)", name, way[len(way)-1], limit.why, strings.Join(way, " -> "))
			}
		}
	}
	for _, o := range owners {
		for name, p := range g {
			if !p.ours || matchesAny(o.owner, name) {
				continue
			}
			for _, imported := range slices.Concat(p.Imports, p.TestImports, p.XTestImports) {
				if matchesAny(o.what, imported) {
					complain("%s may not import %s: %s, %s", name, imported, o.why, strings.Join(o.owner, ", "))
				}
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// TestImports holds the code to the arrows above.
func TestImports(t *testing.T) {
	t.Parallel()
	for _, c := range listPackages(t).complaints() {
		t.Error(c)
	}
	withTorch := listed(t, "CGO_ENABLED=1", "-tags=gotch")
	for _, c := range withTorch.complaints() {
		t.Errorf("with the tag gotch: %s", c)
	}
	if withTorch.way("compute/cmd/tasknet-node", []string{gotch}) == nil {
		t.Error("with the tag gotch nothing is built with libtorch")
	}
}

// TestBinary looks for test code in what is shipped, after the linker has dropped what nothing calls.
func TestBinary(t *testing.T) {
	t.Parallel()
	if os.Getenv("TASKNET_TEST_LONG") == "" {
		t.Skip("TASKNET_TEST_LONG is not set: it links the whole binary")
	}
	binary := filepath.Join(t.TempDir(), "tasknet")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "./server/cmd/tasknet")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	symbols, err := exec.CommandContext(t.Context(), "go", "tool", "nm", binary).Output()
	if err != nil {
		t.Fatalf("go tool nm: %v", err)
	}
	if found := regexp.MustCompile(`(?m) ((testing|net/http/httptest)\.(\(\*|[A-Z])\S+|(github\.com/stretchr/testify/\w+|` + module + `/[\w/]*(test|testnet))\.\S+)$`).FindSubmatch(symbols); found != nil {
		t.Errorf("the binary holds %s", found[1])
	}
	if !bytes.Contains(symbols, []byte(" main.Main\n")) {
		t.Error("the binary does not even hold main.Main; were its symbols stripped?")
	}
}

// TestBrokenArrows breaks one arrow at a time and expects to hear of it, and of the reason.
func TestBrokenArrows(t *testing.T) {
	t.Parallel()
	g := listPackages(t)
	known := g.complaints()
	for _, c := range []struct{ from, to, complaint string }{
		{".", "polls", ". may not import polls"},
		{".", "github.com/google/go-cmp/cmp", "the kernel needs the standard library alone"},
		{".", "os", "the kernel does no I/O"},
		{"polls", "labeling", "value types flow downstream only"},
		{"polls", "server/wire", "polls may not import server/wire"},
		{"labeling", "database/sql", "labeling may not reach database/sql: domains do no I/O"},
		{"polls", "github.com/gofiber/fiber/v2", "polls may not reach github.com/gofiber/fiber/v2: domains do no I/O"},
		{"rewards", "polls", "the ledger is audited alone"},
		{"rewards/eth", "labeling", "the ledger is audited alone"},
		{"rewards/merkle", "github.com/ethereum/go-ethereum/crypto", "one package knows the chain"},
		{"server/api", "server/store", "server/api may not import server/store"},
		{"server/app", "github.com/ethereum/go-ethereum/ethclient", "one package knows the chain"},
		{"server/pipeline", "github.com/jackc/pgx/v5", "all SQL is in one place"},
		{"server/wire", "database/sql", "clients are small"},
		{"server/client", "rewards/eth", "clients are small"},
		{"server/app", "github.com/gofiber/fiber/v2", "framework types stop at the door"},
		{"server/store", "testing", "test code is not shipped (by server/cmd/tasknet -> server/store -> testing)"},
		{"server/app", "server/testnet", "server/cmd/tasknet may not reach server/testnet: test code is not shipped"},
		{"compute/corpus", "github.com/sugarme/gotch/libtch", "tensors stay in one package"},
		{"server/app", "github.com/sugarme/gotch/libtch", "libtorch is for those who train"},
		{"web", "polls", "web may not import polls"},
		{"mobile/sdk", "polls", "mobile/sdk may not import polls"},
		{"mobile/sdk", "database/sql", "mobile/sdk may not reach database/sql: phones are small"},
	} {
		t.Run(c.from+" to "+c.to, func(t *testing.T) {
			t.Parallel()
			if g[c.from] == nil {
				t.Fatalf("there is no package %s", c.from)
			}
			var heard []string
			for _, complaint := range g.with(c.from, c.to).complaints() {
				if !slices.Contains(known, complaint) {
					heard = append(heard, complaint)
				}
			}
			if !slices.ContainsFunc(heard, func(s string) bool { return strings.Contains(s, c.complaint) }) {
				t.Errorf("want a complaint with %q, got %q", c.complaint, heard)
			}
		})
	}
}
