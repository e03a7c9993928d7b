package store_test

import (
	"errors"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/app"
	"github.com/tasknet/tasknet/server/pipeline"
	"github.com/tasknet/tasknet/server/store"
	"github.com/tasknet/tasknet/server/testnet"
	"github.com/tasknet/tasknet/server/verify"
	"github.com/tasknet/tasknet/server/wire"
)

type nobody struct{}

func (nobody) Publish(pipeline.Notice) {}

// TestUpgrade: a database of schema 7, in which people have worked, been paid, and been found worthless, goes on: what was
// there is read, money is what it was, who had earned is no newcomer and who is worthless stays it, what was open closes and is
// paid, and an outsider finds all of it right.
func TestUpgrade(t *testing.T) {
	store.EachEmptyBackend(t, func(t *testing.T, config func(testing.TB) store.Config) {
		ctx := t.Context()
		data := t.TempDir()
		cfg := config(t)
		if cfg.URL == "" {
			cfg.Path = filepath.Join(data, "tasknet.db")
		}
		ids := store.OldDatabase(t, cfg)
		db, err := store.Open(ctx, cfg)
		must(t, err)
		before, err := db.Rewards().Totals(ctx)
		must(t, err)
		if !before.Conserved() || before.Deposited != tasknet.Micro(100*tasknet.MicroPerToken) || before.Claimed != tasknet.Micro(500_000) || before.Pending.Sign() != 0 {
			t.Errorf("totals %+v", before)
		}
		reads(t, db, ids)

		// What was open closes, as soon after as it takes to restart.
		open, err := db.Polls().Question(ctx, polls.QuestionID(ids["open"]))
		must(t, err)
		at := open.CreatedAt.Add(time.Minute)
		stopper := labeling.NewStopper(db.Labels())
		p, err := pipeline.New(db, stopper, nobody{}, nil, pipeline.Config{Instance: instance(t, db), ChainID: 1, Now: func() time.Time { return at }, HoldNewcomers: true})
		must(t, err)
		for _, name := range []string{"open", "plain"} {
			must(t, p.Cancel(ctx, open.Org, polls.QuestionID(ids[name])))
		}
		strikes, err := db.Labels().Strikes(ctx, polls.QuestionID(ids["plain"]))
		if err != nil || len(strikes) != 1 || string(strikes[0].Respondent) != ids["bad"] {
			t.Errorf("strikes %+v, %v", strikes, err)
		}
		for name, want := range map[string]int64{"ann": 20_000, "cyd": 10_000, "bad": 0} {
			final, err := db.Rewards().Balance(ctx, rewards.Payee(ids[name]))
			must(t, err)
			waits, err := db.Rewards().Balance(ctx, rewards.Pending(ids[name]))
			must(t, err)
			if final != tasknet.Micro(want) || waits.Sign() != 0 {
				t.Errorf("%s, who had earned before, is paid %s, and %s waits", name, final, waits)
			}
		}
		project, err := db.Projects().Project(ctx, labeling.ProjectID(ids["project"]))
		if err != nil || project.Counts.Forfeited != tasknet.Micro(10_000) || project.Counts.Cost() != project.Counts.Paid.Add(project.Counts.Fees).Add(tasknet.Micro(10_000)) {
			t.Errorf("what the struck answer cost: %+v, %v", project.Counts, err)
		}
		must(t, p.Learn(ctx))
		must(t, db.Close())

		net := testnet.Start(t, app.Config{Data: data, DatabaseURL: cfg.URL, EpochEvery: 1_000_000 * time.Hour, HoldNewcomers: true})
		defer func() { net.Stop(t) }()
		report := net.AwaitLogged(t, ctx) // what was there before the log too, which is late at no moment
		began := startOf(t, net)
		if began == nil || !began.By.Equal(began.At.Add(polls.MergeDelay)) || !slices.ContainsFunc(report.Unproven, func(u verify.Unproven) bool { return u.Code == "log_start" }) {
			t.Errorf("the log began at %+v, by %+v", began, report.Unproven)
		}
		net.Stop(t)
		net = testnet.Start(t, app.Config{Data: data, DatabaseURL: cfg.URL, EpochEvery: 1_000_000 * time.Hour, HoldNewcomers: true})
		if again := startOf(t, net); again == nil || *again != *began {
			t.Errorf("the log began at %+v, and after a restart at %+v", began, again)
		}
		if report.Questions < 26 || report.Deposited != before.Deposited || report.Claimed != before.Claimed {
			t.Errorf("verified %+v", report)
		}
	})
}

// startOf returns what a server says of when its public log began.
func startOf(t *testing.T, net *testnet.Net) *wire.LogStart {
	t.Helper()
	in, err := net.Client.InstanceNow(t.Context())
	must(t, err)
	return in.LogStart
}

// reads checks that what the server reads most is there, as it was written.
func reads(t *testing.T, db *store.DB, ids map[string]string) {
	t.Helper()
	ctx := t.Context()
	project, err := db.Projects().Project(ctx, labeling.ProjectID(ids["project"]))
	must(t, err)
	if c := project.Counts; c.Tasks != 12 || c.Open != 2 || c.Done != 10 || project.MostPerPerson != 0 || !slices.Equal(project.Languages, []string{"pt-BR", "pt-PT", "en"}) {
		t.Errorf("project %+v", project)
	}
	all := tasknet.Page{Limit: 1000}
	questions, _, err := db.Polls().Questions(ctx, polls.QuestionFilter{Org: project.Org}, all)
	if err != nil || len(questions) != 30 {
		t.Errorf("%d questions, %v", len(questions), err)
	}
	answers, closed := 0, 0
	for _, q := range questions {
		to, err := db.Polls().AnswersTo(ctx, q.ID)
		must(t, err)
		if len(to) != q.Answers || q.Counting() != q.Answers {
			t.Errorf("%s has %d answers of %d, of which %d count", q.ID, len(to), q.Answers, q.Counting())
		}
		answers += len(to)
		switch _, err := db.Labels().Verdict(ctx, q.ID); {
		case err == nil:
			closed++
		case !errors.Is(err, labeling.ErrNoVerdict) || q.Status == polls.Closed:
			t.Errorf("verdict of %s: %v", q.ID, err)
		}
	}
	if answers != 55 || closed != 24 {
		t.Errorf("%d answers, %d questions are closed", answers, closed)
	}
	mine, _, err := db.Polls().AnswersBy(ctx, polls.RespondentID(ids["ann"]), all)
	if err != nil || len(mine) == 0 {
		t.Errorf("%d answers of one person, %v", len(mine), err)
	}
	bad, err := db.Polls().Standing(ctx, polls.Claim{Respondent: polls.RespondentID(ids["bad"]), Count: 9, At: project.CreatedAt.Add(time.Minute), Margin: 1})
	if err != nil || bad.Refused != 1 {
		t.Errorf("who is worthless: %+v, %v", bad, err)
	}
	contest, err := db.Contests().Contest(ctx, labeling.ContestID(ids["contest"]))
	if err != nil || contest.Asked != 2 {
		t.Errorf("contest %+v, %v", contest, err)
	}
	rows, _, err := db.Datasets().DatasetRows(ctx, labeling.DatasetID(ids["dataset"]), all)
	if err != nil || len(rows) != 10 {
		t.Errorf("%d rows of the dataset, %v", len(rows), err)
	}
	payouts, _, err := db.Rewards().PayoutsOf(ctx, ids["bob"], all)
	if err != nil || len(payouts) != 1 || !payouts[0].Claimed {
		t.Errorf("payouts %+v, %v", payouts, err)
	}
	// Who reads neither of the project's languages gets its two open tasks no more; regions do not matter.
	available := func(reads string) int {
		s, err := db.Polls().Standing(ctx, polls.Claim{Respondent: polls.RespondentID(ids["bob"]), Count: 99, At: project.CreatedAt.Add(time.Minute), Margin: 1, Taste: polls.Taste{Reads: []string{reads}}})
		must(t, err)
		return s.Available
	}
	if de, en, pt := available("de"), available("en"), available("pt"); en != de+2 || pt != en {
		t.Errorf("%d questions are for who reads German, %d English, %d Portuguese", de, en, pt)
	}
}

func instance(t *testing.T, db *store.DB) string {
	t.Helper()
	id, err := db.Settings().Setting(t.Context(), "instance")
	must(t, err)
	return id
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
