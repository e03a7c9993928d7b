package main

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/wire"
)

// TestSpending: what was spent is told, a month is written as the server writes it, and a bonus is paid for an answer.
func TestSpending(t *testing.T) {
	alone(t)
	data := t.TempDir()
	address, key := served(t, data)
	q := asJSON[wire.Question](t, "ask", "Which?", "--choice", "left", "--choice", "right", "--price", "1", "--policy", "fixed:1")
	answering(t, address, q.ID, 1)
	c, err := client.New(address, client.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Requester(key).Wait(t.Context(), q.ID, time.Minute); err != nil {
		t.Fatal(err)
	}
	record, err := c.Record(t.Context(), q.ID)
	if err != nil {
		t.Fatal(err)
	}
	answer := record.Answers[0].ID
	if got := printed(t, "bonus", q.ID, answer, "0.5", "--reason", "Well seen.", "--idempotency-key", "once"); !strings.HasSuffix(got, " pays 0.5 for "+answer+".\n") {
		t.Errorf("bonus: %s", got)
	}
	printed(t, "bonus", q.ID, answer, "0.5", "--reason", "Well seen.", "--idempotency-key", "once")
	if code, _, stderr := run(t, "bonus", q.ID, answer, "0.5"); code != exitUsage || !strings.Contains(stderr, "reason") {
		t.Errorf("a bonus without a reason: status %d, %s", code, stderr)
	}

	s := asJSON[wire.Spending](t, "spending", "--by", "month")
	if len(s.Parts) != 1 || s.All.Cost.String() != "1.65" || s.All.Bonus.String() != "0.5" {
		t.Errorf("spending: %+v", s)
	}
	if got := printed(t, "spending", "--by", "project"); !strings.HasPrefix(got, "of no project ") || !strings.Contains(got, "1.65       1 questions       1 answers") {
		t.Errorf("spending:\n%s", got)
	}
	if got := printed(t, "balance"); !strings.Contains(got, "\nbonuses    0.5 ") || !strings.Contains(got, "\nspent      1.65 ") {
		t.Errorf("balance:\n%s", got)
	}

	file := filepath.Join(t.TempDir(), "month.csv")
	printed(t, "invoice", "--out", file)
	written, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if about, err := os.Stat(file); err != nil {
		t.Error(err)
	} else if about.Mode().Perm() != 0o600 {
		t.Errorf("others may read the invoice: %v", about.Mode())
	}
	text := printed(t, "invoice", "--month", time.Now().UTC().Format("2006-01"))
	if text != string(written) || strings.Count(text, "\n") != 4 || !strings.Contains(text, ",settlement,"+q.ID+",,Which?,1,1,0,0.15,0,1.15,0,") || !strings.Contains(text, "\ntotal,,,,,,1,1,0.5,0.15,0,1.65,0,") {
		t.Errorf("invoice:\n%s\nand in the file:\n%s", text, written)
	}
	if i := asJSON[wire.Invoice](t, "invoice"); len(i.Lines) != 2 || i.All.Cost.String() != "1.65" {
		t.Errorf("invoice: %+v", i)
	}
	if code, _, stderr := run(t, "invoice", "--month", "1066-13"); code != exitUsage || !strings.Contains(stderr, "2026-11") {
		t.Errorf("no month: status %d, %s", code, stderr)
	}
	now := time.Now().UTC()
	if code, _, stderr := run(t, "invoice", "--month", strconv.Itoa(now.Year()+2)+"-01"); code != exitUsage || !strings.Contains(stderr, "has not begun; the newest is "+now.Format("2006-01")) {
		t.Errorf("a month that has not begun: status %d, %s", code, stderr)
	}
	printed(t, "verify")

	rows, err := csv.NewReader(strings.NewReader(printed(t, "ledger", "--data", data))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	kinds := make(map[string]int)
	for _, row := range rows[1 : len(rows)-1] {
		kinds[row[3]]++
	}
	if last := rows[len(rows)-1]; last[0] != "total" || last[1] != strconv.Itoa(len(rows)-2) || last[6] != "0" || kinds["bonus"] != 2 || kinds["hold"] != 2 || kinds["settlement"] != 3 || kinds["deposit"] < 2 {
		t.Errorf("the ledger: %v of %v", last, kinds)
	}
	if got := printed(t, "ledger", "--data", data, "--month", "2020-02"); got != "date,number,transaction,kind,cause,account,amount\ntotal,0,,,,,0\n" {
		t.Errorf("the ledger of a month without anything: %s", got)
	}
	for _, args := range [][]string{{"--data", data, "--month", "2020-13"}, {"--data", t.TempDir()}} {
		if code, _, stderr := run(t, append([]string{"ledger"}, args...)...); code != exitUsage {
			t.Errorf("ledger %v: status %d, %s", args, code, stderr)
		}
	}
}
