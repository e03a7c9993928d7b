package store

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/pipeline"
)

// personalStore implements pipeline.Personal.
type personalStore struct{ runner }

// kept is a table with what is kept of people.
type kept struct {
	table string
	about string
	from  string // as in FROM; the table is t
	whose string // a condition for respondent $1
	key   string // an expression of a text that orders the rows and is never the same twice

	// columns are names with what they are: an expression, and :time, :amount, :bytes or :number behind it; a text without.
	columns []string
}

// everything is all that is kept of a person. What is of everybody, as a question and its verdict, is in the public records. A gold
// and what it shows is there when its question has closed, so that nobody learns from this which open question is one.
var everything = []kept{
	{
		"respondents", "Who you are here: an id, and the wallet that you came with.", `respondents t`, `t.id = $1`, `t.id`,
		[]string{"id", "wallet:bytes", "created_at:time"},
	},
	{
		"devices", "The devices that answered for you, with your wallet's signed word for each. Kept when you are erased: answers are checked by it.",
		`devices t`, `t.respondent = $1`, `CAST(t.registered_at AS TEXT)`,
		[]string{"device:bytes", "wallet:bytes", "issued_at:time", "expires_at:time", "signature:bytes", "registered_at:time", "revoked_at:time"},
	},
	{
		"erasures", "What your wallet signed when you had your data erased, and until when what you typed is erased by it. It is in the public records with each of these answers.",
		`erasures t`, `t.respondent = $1`, `t.respondent`,
		[]string{"said_at:time", "through:time", "signature:bytes"},
	},
	{
		"sleepers", "For what you want to be woken, when you were last here, and how you come when you are woken.", `sleepers t`, `t.respondent = $1`, `t.respondent`,
		[]string{
			"languages", "types", "avoids", "least:amount", "quiet_from:number", "quiet_until:number", "zone", "per_day:number", "seen_at:time", "woken_at:time", "day:number",
			"today:number", "wakes:number", "came:number", "came_at:time", "after_ms:number",
		},
	},
	{
		"subscriptions", "Where notices are sent. Whoever has the target and both keys can send you some.", `subscriptions t`, `t.respondent = $1`, `t.id`,
		[]string{"id", "device:bytes", "channel", "target", "key:bytes", "auth:bytes", "created_at:time"},
	},
	{
		"wakes", "When you were woken lately and for what.", `wakes t`, `t.respondent = $1`, `t.id`,
		[]string{"id", "subject", "round:number", "at:time", "chance:number", "after_ms:number", "opened_at:time"},
	},
	{
		"pushes", "Notices that wait to be sent to you.", `pushes t JOIN subscriptions s ON s.id = t.subscription`, `s.respondent = $1`, `t.wake || t.subscription`,
		[]string{"wake", "subscription", "next_at:time", "tries:number"},
	},
	{
		"assignments", "Questions that you were given, and why you skipped those that you did.", `assignments t`, `t.respondent = $1`, `t.id`,
		[]string{"id", "question", "status", "created_at:time", "expires_at:time", "skip_reason", "listed:number"},
	},
	{
		"answers", "Your signed answers. They are in the public records when their question has closed. What you typed yourself is erased with you then: of such an answer the value, the nonce and the signature are empty.", `assignments s JOIN answers t ON t.assignment = s.id JOIN questions q ON q.id = t.question`,
		`s.respondent = $1`, `s.id`,
		[]string{
			"question", "question_text=q.text", "choices=q.choices", "id", "assignment", "device:bytes", "choice:number", "value", "nonce", "client_ms:number", "signature:bytes",
			"accepted_at:time", "hash:bytes", "receipt", "leaf:number", "place:number",
		},
	},
	{
		"taken", "How many tasks of each project you were given.", `taken t`, `t.respondent = $1`, `t.project`,
		[]string{"project", "tasks:number"},
	},
	{
		"tallies", "How often you were wrong in all, against how often others are.", `tallies t`, `t.respondent = $1`, `t.respondent`,
		[]string{"wrong:number", "expected:number"},
	},
	{
		"mistakes", "How often you were wrong, by kind of question, against how often others are.", `mistakes t`, `t.respondent = $1`, `t.family`,
		[]string{"family", "wrong:number", "expected:number"},
	},
	{
		"missed", "Closed questions with a known answer that yours was not.", `missed t JOIN progress p ON p.question = t.question`, `t.respondent = $1 AND p.status = 'closed'`, `t.question`,
		[]string{"question"},
	},
	{
		"shares", "Of which share of each kind of question you are asked, in thousandths, and 1 if it is much like yours what others answer.", `shares t`, `t.respondent = $1`, `t.family`,
		[]string{"family", "share:number", "alike=CASE WHEN t.alike > 0 THEN 1 ELSE 0 END:number"},
	},
	{
		"passed", "With whom you are no newcomer any more.", `passed t`, `t.respondent = $1`, `t.org`,
		[]string{"org", "family", "at:time"},
	},
	{
		"proven", "That you are no newcomer anywhere.", `proven t`, `t.respondent = $1`, `t.respondent`,
		[]string{"family", "at:time"},
	},
	{
		"voids", "Public records by which your answers to a kind of question are worth nothing.", `voids t`, `t.respondent = $1`, `t.snapshot`,
		[]string{"snapshot"},
	},
	{
		"strikes", "Answers of yours that do not count, and by which public record.", `strikes t`, `t.respondent = $1`, `t.question`,
		[]string{"question", "snapshot", "answers:number", "counted:number", "at:time"},
	},
	{
		"pending", "Pay of yours that waits, since you are new.", `pending t`, `t.respondent = $1`, `t.family || ' ' || CAST(t.hour AS TEXT)`,
		[]string{"org", "family", "hour:number", "amount:amount", "since:time"},
	},
	{
		"bonuses", "Bonuses that you got, and why.", `bonuses t`, `t.respondent = $1`, `t.id`,
		[]string{"id", "org", "question", "project", "answer", "amount:amount", "reason", "at:time"},
	},
	{
		"payees", "Your addresses, and what was paid there.", `payees t`, `t.person = $1`, `t.payee`,
		[]string{"payee", "address:bytes", "cumulative:amount", "claimed:amount", "least:amount", "person"},
	},
	{
		"payouts", "What each epoch paid you.", `payees s JOIN payouts t ON t.payee = s.payee`, `s.person = $1`, `t.payee || ' ' || CAST(1000000000000 + t.epoch AS TEXT)`,
		[]string{"epoch:number", "payee", "address:bytes", "amount:amount", "cumulative:amount", "claimed:number", "claim_tx:bytes"},
	},
	{
		"address_changes", "Where you said that your pay shall go. They are in the public records.", `address_changes t`, `t.person = $1`, `CAST(1000000000000 + t.number AS TEXT)`,
		[]string{"seq:number", "number:number", "wallet:bytes", "address:bytes", "payee", "signature:bytes", "proof:bytes", "at:time", "effective_at:time", "cancelled_at:time"},
	},
	{
		"entries", "Your lines of the ledger.", `entries t`, `t.account IN (SELECT 'payee:' || $1 UNION ALL SELECT 'pending:' || $1 UNION ALL SELECT 'unclaimed:' || y.payee FROM payees y WHERE y.person = $1)`, `CAST(1000000000000 + t.seq AS TEXT) || ' ' || CAST(1000 + t.n AS TEXT)`,
		[]string{"seq:number", "n:number", "account", "amount:amount", "kind", "at:time"},
	},
	{
		"nodes", "Your machines that compute as nodes, and whose work each does. domain stands for the network in which one last asked for work: a keyed hash, from which no address is found. Erased with you.",
		`nodes t`, `t.owner = $1`, `t.id`,
		[]string{
			"id", "key:bytes", "name", "capability", "memory:number", "disk:number", "gpu:number", "rate:number", "pace:number", "proven_at:time", "joined_at:time", "seen_at:time", "choice", "domain",
		},
	},
	{
		"leases", "What your nodes were given to do, and what became of it. copy and why are told when the job is settled: before, nobody learns which work is checked. domain is kept as long. When you are erased, domain and problem are.",
		`leases t JOIN jobs j ON j.id = t.job`, `t.owner = $1`, `t.id`,
		[]string{
			"id", "job", "part:number", "copy=CASE WHEN j.settled_at > 0 THEN t.copy ELSE -1 END:number", "from_row:number", "to_row:number", "node", "domain", "state", "why=CASE WHEN j.settled_at > 0 THEN t.why ELSE '' END",
			"began_at:time", "expires_at:time", "ended_at:time", "resumed:number", "progress", "curve", "problem", "receipt",
		},
	},
	{
		"deliveries", "Your receipts that were accepted, and what became of the pay. They are in the public records when their job is settled.", `deliveries t`, `t.owner = $1`, `CAST(1000000000000 + t.number AS TEXT)`,
		[]string{"number:number", "lease", "job", "key:bytes", "pay:amount", "fee:amount", "state", "why", "at:time"},
	},
	{
		"node_owners", "How much of what your nodes delivered was accepted, how much was refuted, and until when they get no work for that.", `node_owners t`, `t.owner = $1`, `t.owner`,
		[]string{"accepted:number", "refuted:number", "until:time"},
	},
	{
		"stake_cases", "Cases about your stake, as the public records have them: of which of your results, what is asked for, and what came of it on the chain.", `stake_cases t`, `t.owner = $1`, `CAST(1000000000000 + t.number AS TEXT)`,
		[]string{
			"number:number", "contract:bytes", "job", "part:number", "staker:bytes", "evidence:bytes", "amount:amount", "harmed:bytes", "honest:bytes", "at:time", "state", "id:number", "until:time",
			"taken", "tx:bytes",
		},
	},
}

// Known implements pipeline.Personal.
func (st personalStore) Known(ctx context.Context, who polls.RespondentID, table int, after string, limit int) (part pipeline.Kept, err error) {
	if table >= len(everything) {
		return pipeline.Kept{}, nil
	}
	of := everything[table]
	part = pipeline.Kept{Table: of.table, About: of.about}
	selected := make([]string, len(of.columns))
	for i, c := range of.columns {
		name, _, _ := strings.Cut(c, ":")
		if _, from, ok := strings.Cut(name, "="); ok {
			selected[i] = from
		} else {
			selected[i] = "t." + name
		}
	}
	err = st.read(ctx, func(db querier) error {
		part.Rows, part.Next = nil, ""
		return db.query(ctx, func(r row) error {
			fields, dest := make([]pipeline.Field, len(of.columns)), make([]any, 0, len(of.columns)+1)
			texts, numbers, raws := make([]string, len(fields)), make([]int64, len(fields)), make([][]byte, len(fields))
			for i, c := range of.columns {
				name, kind, _ := strings.Cut(c, ":")
				fields[i].Name, _, _ = strings.Cut(name, "=")
				switch kind {
				case "":
					dest = append(dest, &texts[i])
				case "bytes":
					dest = append(dest, &raws[i])
				default:
					dest = append(dest, &numbers[i])
				}
			}
			var key string
			if err := r.Scan(append(dest, &key)...); err != nil {
				return err
			}
			for i, c := range of.columns {
				_, kind, _ := strings.Cut(c, ":")
				switch kind {
				case "":
					fields[i].Value = texts[i]
				case "bytes":
					fields[i].Value = hex.EncodeToString(raws[i])
				case "number":
					fields[i].Value = numbers[i]
				case "amount":
					fields[i].Value = tasknet.Micro(numbers[i])
				case "time":
					if numbers[i] != 0 {
						fields[i].Value = timeOf(numbers[i]).UTC().Format(time.RFC3339Nano)
					}
				default:
					return fmt.Errorf("%s: what is %s", of.table, c)
				}
			}
			if part.Rows = append(part.Rows, fields); len(part.Rows) == limit {
				part.Next = key
			}
			return nil
		}, `SELECT `+strings.Join(selected, ", ")+`, `+of.key+` FROM `+of.from+` WHERE `+of.whose+` AND `+of.key+` > $2 ORDER BY `+of.key+` LIMIT $3`, string(who), after, limit)
	})
	return part, err
}

// A week begins on a Monday, and so did that of the fifth day that there is.
const (
	weekMicros   = int64(7 * 24 * time.Hour / time.Microsecond)
	mondayMicros = int64(4 * 24 * time.Hour / time.Microsecond)
)

// Checked implements pipeline.Personal.
func (st personalStore) Checked(ctx context.Context, who polls.RespondentID) (weeks []pipeline.Checked, err error) {
	err = st.read(ctx, func(db querier) error {
		weeks = nil
		return db.query(ctx, func(r row) error {
			var week int64
			var c pipeline.Checked
			err := r.Scan(&week, &c.Known, &c.Right)
			c.Week = timeOf(week*weekMicros + mondayMicros).UTC()
			weeks = append(weeks, c)
			return err
		}, `SELECT (p.closed_at - $2) / $3 AS week, COUNT(*), SUM(CASE WHEN g.value = '' THEN (CASE WHEN a.choice = g.choice THEN 1 ELSE 0 END)
				WHEN EXISTS (SELECT 1 FROM missed m WHERE m.question = g.question AND m.respondent = s.respondent) THEN 0 ELSE 1 END)
			FROM assignments s JOIN answers a ON a.assignment = s.id JOIN golds g ON g.question = s.question JOIN progress p ON p.question = s.question
			WHERE s.respondent = $1 AND g.state = 'opened' AND p.status = 'closed' AND (a.choice <> $4 OR a.value <> '') GROUP BY 1 ORDER BY 1`,
			who, mondayMicros, weekMicros, polls.CannotTell)
	})
	return weeks, err
}

// Erase implements pipeline.Personal. Whoever closes a question holds the lock of order and then looks for erasures: either they see
// this one, or this sees the question closed.
func (st personalStore) Erase(ctx context.Context, e polls.Erasure, signature [65]byte, at time.Time) (done pipeline.Erased, err error) {
	id := string(e.Respondent)
	err = st.write(ctx, func(db querier) error {
		done = pipeline.Erased{}
		if err := lockOrder(ctx, db); err != nil {
			return err
		}
		var known string
		found, err := get(ctx, db, []any{&known}, `SELECT id FROM respondents WHERE id = $1`+db.forUpdate(), id)
		if err != nil {
			return err
		}
		if !found {
			return polls.ErrNoRespondent
		}
		if err := db.query(ctx, func(r row) error {
			var key []byte
			err := r.Scan(&key)
			done.Devices = append(done.Devices, polls.DeviceKey(key))
			return err
		}, `SELECT device FROM devices WHERE respondent = $1 ORDER BY device`, id); err != nil {
			return err
		}
		if _, err := db.execAll(ctx, []statement{
			{`DELETE FROM pushes WHERE subscription IN (SELECT s.id FROM subscriptions s WHERE s.respondent = $1)`, []any{id}},
			{`DELETE FROM subscriptions WHERE respondent = $1`, []any{id}},
			{`DELETE FROM sleepers WHERE respondent = $1`, []any{id}},
			{`DELETE FROM wakes WHERE respondent = $1`, []any{id}},
			{`UPDATE assignments SET skip_reason = '' WHERE respondent = $1 AND skip_reason <> ''`, []any{id}},
			{`UPDATE payees SET least = 0 WHERE person = $1 AND least <> 0`, []any{id}}, // all that is owed is paid with the next epoch
			{`UPDATE devices SET revoked_at = $2 WHERE respondent = $1 AND revoked_at = 0`, []any{id, micros(at)}},
			{`DELETE FROM nodes WHERE owner = $1`, []any{id}},
			{
				`INSERT INTO erasures (respondent, said_at, through, signature) VALUES ($1, $2, $3, $4)
				ON CONFLICT (respondent) DO UPDATE SET said_at = excluded.said_at, through = excluded.through, signature = excluded.signature WHERE erasures.said_at < excluded.said_at`,
				[]any{id, micros(e.At), micros(e.Through()), signature[:]},
			},
		}); err != nil {
			return err
		}
		if err := eraseWork(ctx, db, id); err != nil {
			return err
		}
		n, err := db.exec(ctx, eraseTyped+` AND assignment IN (SELECT s.id FROM assignments s JOIN questions q ON q.id = s.question JOIN progress p ON p.question = s.question
			WHERE s.respondent = $1 AND q.type = $2 AND p.status = 'closed')`, id, polls.Text, []byte{})
		done.Answers = int(n)
		if err != nil {
			return err
		}
		_, err = get(ctx, db, []any{&done.Waiting}, `SELECT COUNT(*) FROM assignments s JOIN questions q ON q.id = s.question JOIN answers a ON a.assignment = s.id
			WHERE s.respondent = $1 AND q.type = $2 AND a.value <> ''`, id, polls.Text)
		return err
	})
	return done, err
}

// erasedProblem is in the place of what a node said that failed, and whose owner was erased.
const erasedProblem = "What the node said was erased with its owner's data."

// eraseWork erases where an owner's nodes were, and what they said when they failed, which may name files of theirs.
func eraseWork(ctx context.Context, db querier, owner string) error {
	type failed struct {
		job          string
		number, copy int
		failures     []byte
	}
	var parts []failed
	if err := db.query(ctx, func(r row) error {
		var p failed
		var failures string
		err := r.Scan(&p.job, &p.number, &p.copy, &failures)
		p.failures = []byte(failures)
		parts = append(parts, p)
		return err
	}, `SELECT DISTINCT p.job, p.number, p.copy, p.failures FROM leases l JOIN parts p ON p.job = l.job AND p.number = l.part AND p.copy = l.copy WHERE l.owner = $1 AND l.problem <> ''`, owner); err != nil {
		return err
	}
	batch := []statement{{`UPDATE leases SET domain = '', problem = '' WHERE owner = $1 AND (domain <> '' OR problem <> '')`, []any{owner}}}
	for _, p := range parts {
		var failures []compute.Failure
		if err := json.Unmarshal(p.failures, &failures); err != nil {
			return fmt.Errorf("failures of part %d of %s: %w", p.number, p.job, err)
		}
		for i := range failures {
			f := &failures[i]
			if string(f.Owner) != owner || f.Message == erasedProblem {
				continue
			}
			batch = append(batch, statement{`UPDATE jobs SET problem = $3 WHERE id = $1 AND problem = $2`, []any{p.job, f.Message, erasedProblem}})
			f.Message = erasedProblem
		}
		kept, err := json.Marshal(failures)
		if err != nil {
			return err
		}
		batch = append(batch, statement{`UPDATE parts SET failures = $4 WHERE job = $1 AND number = $2 AND copy = $3`, []any{p.job, p.number, p.copy, string(kept)}})
	}
	_, err := db.execAll(ctx, batch)
	return err
}

// eraseTyped erases what was typed by those who asked for that, as far as a condition that follows says. $3 is no bytes.
const eraseTyped = `UPDATE answers SET value = '', nonce = '', signature = $3 WHERE value <> ''
	AND accepted_at <= COALESCE((SELECT e.through FROM erasures e WHERE e.respondent = answers.respondent), 0)`

// EraseAnswers implements pipeline.Personal.
func (st personalStore) EraseAnswers(ctx context.Context, q polls.QuestionID) error {
	return st.write(ctx, func(db querier) error {
		_, err := db.exec(ctx, eraseTyped+` AND assignment IN (SELECT s.id FROM assignments s JOIN questions q ON q.id = s.question WHERE s.question = $1 AND q.type = $2)`, q, polls.Text, []byte{})
		return err
	})
}

// Erasure implements pipeline.Personal.
func (st personalStore) Erasure(ctx context.Context, who polls.RespondentID) (e polls.Erasure, signature [65]byte, err error) {
	err = st.read(ctx, func(db querier) error {
		var at int64
		var wallet, raw []byte
		found, err := get(ctx, db, []any{&at, &wallet, &raw}, `SELECT e.said_at, r.wallet, e.signature FROM erasures e JOIN respondents r ON r.id = e.respondent WHERE e.respondent = $1`, who)
		if err == nil && !found {
			return pipeline.ErrNotFound
		}
		e = polls.Erasure{Respondent: who, At: timeOf(at)}
		copy(e.Wallet[:], wallet)
		copy(signature[:], raw)
		return err
	})
	return e, signature, err
}
