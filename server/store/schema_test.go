package store

import (
	"context"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestSchema compares the tables and columns of both databases with a golden file: so no schema changes unnoticed, and
// none without the other.
func TestSchema(t *testing.T) {
	const golden = "testdata/schema.golden"
	eachEmptyBackend(t, func(t *testing.T, config func(testing.TB) Config) {
		cfg := config(t)
		db := open(t, cfg)
		text := `SELECT m.name, c.name, c.type, c."notnull" FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'`
		if cfg.URL != "" {
			text = `SELECT table_name, column_name, upper(data_type), CASE is_nullable WHEN 'NO' THEN 1 ELSE 0 END FROM information_schema.columns WHERE table_schema = current_schema()`
		}
		var lines []string
		err := db.backend.read(t.Context(), func(q querier) error {
			return q.query(t.Context(), func(r row) error {
				var table, column, kind string
				var required int
				err := r.Scan(&table, &column, &kind, &required)
				if !strings.HasPrefix(table, "goose") && !strings.HasPrefix(table, "sqlite_") {
					line := fmt.Sprintf("%s.%s %s", table, column, strings.ReplaceAll(kind, "BYTEA", "BLOB"))
					if required == 1 {
						line += " NOT NULL"
					}
					lines = append(lines, line)
				}
				return err
			}, text)
		})
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(lines)
		got := strings.Join(lines, "\n") + "\n"
		if *update && cfg.Path != "" {
			if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("the schema is another one; if it is meant so, run with -update (-want +got):\n%s", diff)
		}
	})
}

// TestColumnsAreExplained checks that each column of the migrations that is not told by its name has a comment in both
// dialects, and that they are the same.
func TestColumnsAreExplained(t *testing.T) {
	comments := func(dialect string) (lines []string) {
		t.Helper()
		files, err := fs.Glob(migrations, "migrations/"+dialect+"/*.sql")
		if err != nil || len(files) == 0 {
			t.Fatal(files, err)
		}
		for _, file := range files {
			text, err := migrations.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(string(text)) {
				if _, comment, ok := strings.Cut(line, "-- "); ok && !strings.HasPrefix(comment, "+goose") {
					lines = append(lines, strings.Fields(line)[0]+" "+strings.TrimSpace(comment))
				}
			}
		}
		return lines
	}
	if diff := cmp.Diff(comments("sqlite"), comments("postgres")); diff != "" {
		t.Errorf("comments (-sqlite +postgres):\n%s", diff)
	}
}

// meantScans are reads of whole tables that are meant: they are asked for all that is there.
var meantScans = regexp.MustCompile(`^SCAN (accounts|tallies|y|j|closing|late|paused|exported|json_each|CONSTANT ROW)\b`)

// testsOwn are statements of tests.
var testsOwn = regexp.MustCompile(`^(SELECT COUNT\(\*\) FROM \w+$|UPDATE answers|DELETE FROM answers|SELECT m.name|SELECT ")`)

// checkPlans fails when a statement that ran reads a whole table, or sorts one, that grows with every answer.
func checkPlans(t testing.TB, db *sqliteDB) {
	t.Helper()
	writer := <-db.writer
	defer func() { db.writer <- writer }()
	conns := []*sqliteConn{writer}
	for range cap(db.readers) {
		c := <-db.readers
		if c != nil {
			conns = append(conns, c)
		}
		defer func() { db.readers <- c }()
	}
	for _, c := range conns {
		texts := make([]string, 0, len(c.prepared))
		for text := range c.prepared {
			texts = append(texts, text)
		}
		for _, text := range texts {
			if verb := firstWords(text); !strings.HasPrefix(verb, "SELECT") && !strings.HasPrefix(verb, "INSERT") && !strings.HasPrefix(verb, "UPDATE") && !strings.HasPrefix(verb, "DELETE") {
				continue
			}
			if testsOwn.MatchString(text) {
				continue
			}
			args := make([]any, strings.Count(text, "$"))
			var steps []string
			err := c.query(context.Background(), func(r row) error {
				steps = append(steps, r.(values)[3].(string))
				return nil
			}, "EXPLAIN QUERY PLAN "+text, args...)
			if err != nil {
				t.Errorf("plan of %s: %v", text, err)
			}
			// The first rows of a table in its own order are no scan of it.
			ordered := strings.Contains(text, "LIMIT") && !strings.Contains(strings.Join(steps, "\n"), "TEMP B-TREE")
			_, from, _ := strings.Cut(text, "FROM ")
			if strings.HasPrefix(from, "assignments") && strings.Contains(from, "respondent = $1") && !strings.Contains(steps[0], "respondent=?") {
				t.Errorf("%s\n  does not begin with the respondent: %s", text, steps[0])
			}
			for _, step := range steps {
				if strings.HasPrefix(step, "SCAN ") && !meantScans.MatchString(step) && !strings.Contains(step, "USING") && !ordered {
					t.Errorf("%s\n  does: %s", text, step)
				}
			}
		}
	}
}
