package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/server/wire"
)

// printed runs a command that has to work, and returns what it printed.
func printed(t *testing.T, args ...string) string {
	t.Helper()
	code, stdout, stderr := run(t, args...)
	if code != exitOK || stderr != "" {
		t.Fatalf("tasknet %q: status %d, %q, %q", args, code, stdout, stderr)
	}
	return stdout
}

// asJSON runs a command with --json and reads what it printed.
func asJSON[T any](t *testing.T, args ...string) (out T) {
	t.Helper()
	text := printed(t, append(args, "--json")...)
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		t.Fatalf("tasknet %q: %v in %s", args, err, text)
	}
	return out
}

// TestMoney: money comes from the faucet, is held while something is asked, and comes back when that is ended.
func TestMoney(t *testing.T) {
	alone(t)
	served(t, t.TempDir())
	before := asJSON[wire.Balance](t, "balance")
	if !strings.Contains(printed(t, "faucet", "12.5"), "deposited  ") {
		t.Error("the faucet does not tell what there is now")
	}
	after := asJSON[wire.Balance](t, "balance")
	if got := after.Available.Sub(before.Available).String(); got != "12.5" || after.Deposited.Sub(before.Deposited).String() != "12.5" {
		t.Errorf("the faucet gave %s: %+v", got, after)
	}
	if code, _, stderr := run(t, "faucet", "1001"); code != exitUsage || !strings.Contains(stderr, "at most 1000 test tokens") {
		t.Errorf("too much of the faucet: status %d, %s", code, stderr)
	}
	deposits := asJSON[wire.Deposits](t, "deposits")
	if len(deposits.Deposits) == 0 || deposits.Deposits[0].Amount.String() != "12.5" || deposits.Reference == "" || deposits.Next != "" {
		t.Errorf("deposits: %+v", deposits)
	}
	shown := printed(t, "deposits")
	for _, part := range []string{"\nvault          " + deposits.Vault + "\n", "\nreference      " + deposits.Reference + "\n", "          12.5  block ", deposits.Deposits[0].Tx} {
		if !strings.Contains(shown, part) {
			t.Errorf("deposits: no %q in\n%s", part, shown)
		}
	}

	q := asJSON[wire.Question](t, "ask", "Is this\nspam?", "--choice", "yes", "--choice", "no", "--price", "1", "--policy", "fixed:3")
	symbol := after.Symbol
	want := fmt.Sprintf("available  %s %s\nheld       3.45 %[2]s, for open questions\nspent      0 %[2]s\ndeposited  %[3]s %[2]s\nbonuses    0 %[2]s, of what is spent\nrefunded   0 %[2]s, of what was held\n", after.Available.Sub(q.Hold), symbol, after.Deposited)
	if diff := cmp.Diff(want, printed(t, "balance")); diff != "" {
		t.Errorf("balance (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(q.ID+"  open       0 answers  Is this spam?\n", printed(t, "question", "list", "--status", "open")); diff != "" {
		t.Errorf("question list (-want +got):\n%s", diff)
	}
	if got := regexp.MustCompile(` by \d.*`).ReplaceAllString(printed(t, "question", "show", q.ID), ""); got != "Is this spam?\n"+q.ID+", open\n\n   0  yes\n   0  no\n0 of about 3 answers, wanted\nAn answer pays 1, with a fee of 0.15; 3.45 of your balance are held\n" {
		t.Errorf("question show:\n%s", got)
	}
	for range 2 { // again changes nothing
		if got := printed(t, "question", "cancel", q.ID); got != "Is this spam?\n"+q.ID+", closed\n\nThere is no verdict: nobody answered, or nobody could tell. Back 3.45\n" {
			t.Errorf("question cancel:\n%s", got)
		}
	}
	if now := asJSON[wire.Balance](t, "balance"); now.Available != after.Available || !now.Held.IsZero() {
		t.Errorf("after the question was cancelled: %+v", now)
	}
	if all := asJSON[[]wire.Question](t, "question", "list", "--status", "paused"); all == nil || len(all) != 0 {
		t.Errorf("paused: %+v", all)
	}
	asJSON[wire.Question](t, "ask", "Is this "+strings.Repeat("very ", 100)+"long?", "--choice", "yes", "--choice", "no", "--price", "0.1", "--policy", "fixed:3")
	if got := printed(t, "question", "list", "--status", "open"); !strings.HasSuffix(got, "  Is this "+strings.Repeat("very ", 9)+"very...\n") {
		t.Errorf("a list with a long text: %s", got)
	}
	if code, _, stderr := run(t, "question", "show", "q_x"); code == exitOK || !strings.Contains(stderr, "id") {
		t.Errorf("no such question: status %d, %s", code, stderr)
	}
}

// TestQuestionAnswered: a question is shown and listed with its answers, and one that is cancelled keeps them.
func TestQuestionAnswered(t *testing.T) {
	alone(t)
	address, _ := served(t, t.TempDir())
	q := asJSON[wire.Question](t, "ask", "Which?", "--choice", "left", "--choice", "right")
	other := asJSON[wire.Question](t, "ask", "Other?", "--choice", "left", "--choice", "right")
	answering(t, address, q.ID, 1)
	if got := printed(t, "question", "show", q.ID); !strings.Contains(got, "   0  left\n   1  right\n1 of about 3 answers, wanted by ") {
		t.Errorf("question show:\n%s", got)
	}
	if got := asJSON[wire.Question](t, "question", "cancel", q.ID); got.Status != "closed" || got.Verdict == nil || got.Verdict.Label != "right" {
		t.Errorf("cancelled: %+v", got)
	}
	if got := printed(t, "question", "show", q.ID); !strings.Contains(got, "closed\n\nright\n\n   0  left\n   1  right\n\nleaning by ") {
		t.Errorf("question show:\n%s", got)
	}
	all := asJSON[[]wire.Question](t, "question", "list")
	if len(all) != 2 || all[0].ID != other.ID || all[1].ID != q.ID {
		t.Errorf("listed: %+v", all)
	}
	if one := asJSON[[]wire.Question](t, "question", "list", "--most", "1"); len(one) != 1 || one[0].ID != other.ID {
		t.Errorf("the newest: %+v", one)
	}
}

// TestContest: a ranking is listed, shown and ended.
func TestContest(t *testing.T) {
	alone(t)
	served(t, t.TempDir())
	c := asJSON[wire.Contest](t, "rank", "Which do you like?", "--item", "tea", "--item", "milk", "--max", "20", "--top", "1", "--price", "0.1")
	if all := asJSON[[]wire.Contest](t, "contest", "list"); len(all) != 1 || all[0].ID != c.ID {
		t.Errorf("listed: %+v", all)
	}
	if got := printed(t, "contest", "list"); !strings.HasPrefix(got, c.ID+"  running       2 items, ") || !strings.HasSuffix(got, " of 20 comparisons asked  Which do you like?\n") {
		t.Errorf("contest list: %s", got)
	}
	got := printed(t, "contest", "show", c.ID)
	for _, part := range []string{"Which do you like?\n" + c.ID + ", running\n", "2 items, of which the best 1 are to be known with confidence 0.95", "each for 0.1 and a fee of 0.015\n"} {
		if !strings.Contains(got, part) {
			t.Errorf("contest show: no %q in\n%s", part, got)
		}
	}
	for range 2 {
		if got := asJSON[wire.Contest](t, "contest", "cancel", c.ID); got.Status != "cancelled" && got.Problem != "cancelled" {
			t.Errorf("cancelled: %+v", got)
		}
	}
	if got := printed(t, "contest", "cancel", c.ID); !strings.Contains(got, c.ID+", ") {
		t.Errorf("contest cancel:\n%s", got)
	}
}

// TestBalanceAddsUp: what left the account otherwise than by answers is told, too.
func TestBalanceAddsUp(t *testing.T) {
	var out bytes.Buffer
	b := wire.Balance{Spent: tasknet.Micro(186_300), Withdrawn: tasknet.Micro(4_813_700), Debt: tasknet.Micro(1), Deposited: tasknet.Micro(5_000_000), Symbol: "T"}
	if err := (&program{out: &out}).printBalance(b, false); err != nil {
		t.Fatal(err)
	}
	want := "available  0 T\nheld       0 T, for open questions\nspent      0.1863 T\ndeposited  5 T\nwithdrawn  4.8137 T, taken back out of the vault\ndebt       0.000001 T, spent, and gone from the vault\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("balance (-want +got):\n%s", diff)
	}
}

// TestProjectThatCancels: what becomes of the tasks that are open still is told.
func TestProjectThatCancels(t *testing.T) {
	for _, c := range []struct {
		work string
		open int
		want string
	}{
		{"cancelling", 2, "\nIt is cancelling: the open tasks close one after another with the answers that they have, which are paid, and\nwhat is left of their holds comes back. How far it is: tasknet project status prj_1\n"},
		{"cancelling", 0, "\nIt is cancelling.\n"},
		{"pausing", 2, "\nIt is pausing.\n"},
		{"", 0, " to one person\nlanguages  any\n"},
	} {
		var out bytes.Buffer
		project := wire.Project{ID: "prj_1", Status: "cancelled", Work: c.work, Tasks: wire.ProjectTasks{All: 2, Open: c.open}, Difficulty: "0"}
		if err := (&program{out: &out, name: "tasknet"}).printProject(project, false); err != nil {
			t.Fatal(err)
		}
		if got := out.String(); !strings.HasSuffix(got, c.want) {
			t.Errorf("%s with %d open tasks ends in %q", c.work, c.open, got)
		}
	}
}
