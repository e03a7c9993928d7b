-- The first schema. Times are Unix microseconds, amounts micro-units; a time of 0 is "not yet". Ids sort by time.

-- +goose Up
CREATE TABLE orgs (
  id         TEXT NOT NULL PRIMARY KEY, -- org_...
  name       TEXT NOT NULL,             -- what respondents see as who asks
  created_at BIGINT NOT NULL
) WITHOUT ROWID;

CREATE TABLE keys (
  id          TEXT NOT NULL PRIMARY KEY, -- key_...
  org         TEXT NOT NULL REFERENCES orgs (id),
  name        TEXT NOT NULL,             -- the organisation's own word for it
  secret_hash BLOB NOT NULL UNIQUE,      -- SHA-256 of the secret, which is not kept
  created_at  BIGINT NOT NULL,
  used_at     BIGINT NOT NULL,           -- to the minute; 0 before the first use
  revoked_at  BIGINT NOT NULL            -- 0 while it is not
) WITHOUT ROWID;
CREATE INDEX keys_by_org ON keys (org, id);

CREATE TABLE respondents (
  id         TEXT NOT NULL PRIMARY KEY, -- rsp_...
  wallet     BLOB NOT NULL UNIQUE,      -- the 20 bytes of the address
  created_at BIGINT NOT NULL
) WITHOUT ROWID;

CREATE TABLE devices (
  device        BLOB NOT NULL PRIMARY KEY, -- the Ed25519 public key
  respondent    TEXT NOT NULL REFERENCES respondents (id),
  wallet        BLOB NOT NULL,             -- who signed the delegation
  issued_at     BIGINT NOT NULL,           -- the delegation's, whole seconds
  expires_at    BIGINT NOT NULL,           -- the delegation's, whole seconds
  signature     BLOB NOT NULL,             -- the delegation's, 65 bytes
  registered_at BIGINT NOT NULL,
  revoked_at    BIGINT NOT NULL            -- 0 while it is not
) WITHOUT ROWID;
CREATE INDEX devices_by_respondent ON devices (respondent, registered_at);

-- The fixed part of a question. What changes is in progress, whose rows are small: they are written with every answer.
CREATE TABLE questions (
  id         TEXT NOT NULL PRIMARY KEY, -- q_...
  org        TEXT NOT NULL REFERENCES orgs (id),
  type       TEXT NOT NULL,             -- polls.Type
  text       TEXT NOT NULL,
  choices    TEXT NOT NULL,             -- a JSON array of strings
  image      TEXT NOT NULL,             -- a JSON object, or empty
  policy     TEXT NOT NULL,             -- as polls.Policy writes itself
  min        BIGINT NOT NULL,           -- the policy's fewest answers
  max        BIGINT NOT NULL,           -- the policy's most answers
  price      BIGINT NOT NULL,           -- what one answer pays
  fee        BIGINT NOT NULL,           -- the operator's on one answer
  deadline   BIGINT NOT NULL,
  snapshot   TEXT NOT NULL,             -- hash of the skill snapshot that weighs the answers
  salt       TEXT NOT NULL,
  hash       TEXT NOT NULL,             -- tasknet/question/v1, in hex
  sample     BIGINT NOT NULL,           -- 1 for a sample
  created_at BIGINT NOT NULL
);
CREATE INDEX questions_by_org ON questions (org, id);

CREATE TABLE progress (
  question   TEXT NOT NULL PRIMARY KEY REFERENCES questions (id),
  org        TEXT NOT NULL,   -- the question's
  deadline   BIGINT NOT NULL, -- the question's
  status     TEXT NOT NULL,   -- polls.Status
  answers    BIGINT NOT NULL,
  counts     TEXT NOT NULL,   -- a JSON array: answers per choice
  wanted     BIGINT NOT NULL, -- how many more answers the Stopper expects to need
  state      BLOB,            -- the Stopper's; null before the first answer
  closed_at  BIGINT NOT NULL, -- 0 while it is not
  leases     BIGINT NOT NULL, -- open leases that end at lease_ends or later; none of them ended before
  lease_ends BIGINT NOT NULL  -- from here on leases must be counted again: one may have ended
) WITHOUT ROWID;
CREATE INDEX progress_by_deadline ON progress (status, deadline, question);
CREATE INDEX progress_by_org ON progress (org, status, question);

CREATE TABLE assignments (
  id          TEXT NOT NULL PRIMARY KEY, -- asg_...
  question    TEXT NOT NULL REFERENCES questions (id),
  respondent  TEXT NOT NULL REFERENCES respondents (id),
  status      TEXT NOT NULL,             -- open or skipped; that it is answered is told by answers
  created_at  BIGINT NOT NULL,
  expires_at  BIGINT NOT NULL,           -- when the lease ends and others get the question
  skip_reason TEXT NOT NULL,
  listed      BIGINT NOT NULL,           -- 1 until a claim of the respondent finds that the lease is over
  UNIQUE (question, respondent)          -- never the same question twice to the same person
) WITHOUT ROWID;
CREATE INDEX assignments_by_respondent ON assignments (respondent, id);
-- Those that the respondent may hold. It is tidied by their next claim, which writes the same pages anyway, and not by
-- every answer, which would then write one page more.
CREATE INDEX leases_by_respondent ON assignments (respondent, id) WHERE listed = 1;

-- Answers have the one index that they cannot do without: every further one costs each answer 5 to 15 us. An answer is
-- found from its assignment, which is not written again for the same reason, and of which there is one for a question
-- and a respondent; the transaction that writes the answer has read it, so that no foreign key looks it up once more.
CREATE TABLE answers (
  question    TEXT NOT NULL,
  respondent  TEXT NOT NULL,
  id          TEXT NOT NULL,   -- ans_...
  assignment  TEXT NOT NULL,
  device      BLOB NOT NULL,   -- the key that signed
  choice      BIGINT NOT NULL,
  nonce       TEXT NOT NULL,
  client_ms   BIGINT NOT NULL, -- the device's clock, Unix milliseconds
  signature   BLOB NOT NULL,   -- 64 bytes
  accepted_at BIGINT NOT NULL,
  hash        BLOB NOT NULL,   -- tasknet/answer-record/v1
  receipt     TEXT NOT NULL,   -- of the commit that recorded it
  leaf        BIGINT NOT NULL, -- its index in that commit
  place       BIGINT NOT NULL, -- which answer to its question it is: 0, 1, 2, ...
  PRIMARY KEY (assignment) -- which is of one question and one respondent
);

CREATE TABLE commits (
  id     TEXT NOT NULL PRIMARY KEY, -- rcp_...
  at     BIGINT NOT NULL,
  leaves BLOB NOT NULL              -- the record hashes, 32 bytes each, in order
);

CREATE TABLE verdicts (
  seq       BIGINT NOT NULL PRIMARY KEY, -- 1, 2, 3, ... in the order of commits
  id        TEXT NOT NULL,               -- vrd_...
  question  TEXT NOT NULL UNIQUE REFERENCES questions (id),
  outcome   TEXT NOT NULL,               -- labeling.Outcome
  choice    BIGINT NOT NULL,             -- -1 when the outcome is none
  posterior TEXT NOT NULL,               -- a JSON array: parts per million of each choice
  counts    TEXT NOT NULL,               -- a JSON array: answers per choice
  answers   BIGINT NOT NULL,
  method    TEXT NOT NULL,               -- labeling.Method
  snapshot  TEXT NOT NULL,               -- hash of the skill snapshot
  reason    TEXT NOT NULL,               -- labeling.Reason
  at        BIGINT NOT NULL,
  so_far    BIGINT NOT NULL              -- answers of all verdicts up to this one
) WITHOUT ROWID;

CREATE TABLE tallies (
  respondent TEXT NOT NULL PRIMARY KEY,
  agreed     BIGINT NOT NULL, -- answers that agreed with the verdict
  answered   BIGINT NOT NULL  -- answers to questions that taught something
) WITHOUT ROWID;

CREATE TABLE snapshots (
  hash   TEXT NOT NULL PRIMARY KEY, -- tasknet/skills/v1
  at     BIGINT NOT NULL,
  skills TEXT NOT NULL              -- a JSON array of [respondent, agreed, answered], by respondent
);
CREATE INDEX snapshots_by_time ON snapshots (at, hash);

-- The ledger. Transactions and entries are never changed; accounts are their sums, written in the same transaction.
CREATE TABLE transactions (
  seq   BIGINT NOT NULL PRIMARY KEY, -- 1, 2, 3, ... in the order of commits
  id    TEXT NOT NULL,               -- tx_...
  kind  TEXT NOT NULL,               -- rewards.TxKind
  cause TEXT NOT NULL,               -- what it is for
  at    BIGINT NOT NULL,
  UNIQUE (kind, cause)               -- nothing is settled, paid or credited twice
) WITHOUT ROWID;

CREATE TABLE entries (
  seq     BIGINT NOT NULL REFERENCES transactions (seq),
  n       BIGINT NOT NULL, -- 0, 1, 2, ... within the transaction
  account TEXT NOT NULL,   -- rewards.Account
  amount  BIGINT NOT NULL, -- negative when it leaves the account
  kind    TEXT NOT NULL,   -- the transaction's
  at      BIGINT NOT NULL, -- the transaction's
  PRIMARY KEY (seq, n)
) WITHOUT ROWID;
CREATE INDEX entries_by_account ON entries (account, kind, at, amount);

CREATE TABLE accounts (
  account TEXT NOT NULL PRIMARY KEY, -- a hold that is used up has no row
  balance BIGINT NOT NULL CHECK (balance >= 0 OR account = 'chain:deposits'),
  payer   TEXT NOT NULL              -- of a hold: the account it was taken from; empty otherwise
) WITHOUT ROWID;
CREATE INDEX accounts_by_payer ON accounts (payer, balance) WHERE payer <> '';

CREATE TABLE deposits (
  tx        BLOB NOT NULL,   -- the transaction on the chain
  log_index BIGINT NOT NULL, -- the event in it
  seq       BIGINT NOT NULL, -- of the ledger's transaction that credits it
  block     BIGINT NOT NULL,
  reference BLOB NOT NULL,   -- whom it names, 32 bytes
  base      TEXT NOT NULL,   -- the sum in base units, decimal
  org       TEXT NOT NULL,   -- who was credited
  amount    BIGINT NOT NULL, -- with how much
  PRIMARY KEY (tx, log_index)
);
CREATE INDEX deposits_by_org ON deposits (org, seq);

CREATE TABLE payees (
  payee      TEXT NOT NULL PRIMARY KEY,
  address    BLOB NOT NULL,   -- where their pay goes, 20 bytes
  cumulative BIGINT NOT NULL, -- in all epochs
  claimed    BIGINT NOT NULL  -- of that, seen paid on the chain
) WITHOUT ROWID;
CREATE INDEX payees_unclaimed ON payees (payee) WHERE claimed < cumulative;

CREATE TABLE epochs (
  number     BIGINT NOT NULL PRIMARY KEY, -- 1, 2, 3, ...
  state      TEXT NOT NULL,               -- rewards.EpochState
  root       BLOB NOT NULL,
  amount     BIGINT NOT NULL,             -- added by it, to all
  cumulative BIGINT NOT NULL,             -- the sum of all leaves
  payees     BIGINT NOT NULL,             -- who got something added
  tx         BLOB NOT NULL,               -- the transaction that posted the root; zeros before
  block      BIGINT NOT NULL,
  gas        BIGINT NOT NULL,             -- of the root and of relayed claims
  at         BIGINT NOT NULL
) WITHOUT ROWID;

CREATE TABLE payouts (
  epoch      BIGINT NOT NULL REFERENCES epochs (number),
  payee      TEXT NOT NULL REFERENCES payees (payee),
  address    BLOB NOT NULL,   -- the payee's at that time, 20 bytes
  amount     BIGINT NOT NULL, -- added by the epoch
  cumulative BIGINT NOT NULL, -- up to the epoch
  claimed    BIGINT NOT NULL, -- 1 when the chain has paid up to it
  claim_tx   BLOB NOT NULL,   -- the transaction that claimed; zeros when unknown
  PRIMARY KEY (epoch, payee)
) WITHOUT ROWID;
CREATE INDEX payouts_by_payee ON payouts (payee, epoch);

-- What happened, in order. A row of answer.accepted stands for all answers to one organisation in one commit: question and
-- subject hold as many ids with spaces between, and seq is the last one's.
CREATE TABLE events (
  seq      BIGINT NOT NULL PRIMARY KEY, -- ascending in the order of commits
  kind     TEXT NOT NULL,               -- pipeline.EventKind
  org      TEXT NOT NULL,
  question TEXT NOT NULL,
  subject  TEXT NOT NULL,               -- the id of what it is about
  at       BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX events_by_org ON events (org, kind, seq);

CREATE TABLE replies (
  scope        TEXT NOT NULL,   -- who asked for what
  key          TEXT NOT NULL,   -- the idempotency key
  request_hash BLOB NOT NULL,   -- of the request's body
  status       BIGINT NOT NULL, -- of HTTP
  body         TEXT NOT NULL,   -- JSON
  at           BIGINT NOT NULL,
  PRIMARY KEY (scope, key)
);
CREATE INDEX replies_by_time ON replies (at);

CREATE TABLE settings (
  name  TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;

-- How far something was read that is read once.
CREATE TABLE cursors (
  name  TEXT NOT NULL PRIMARY KEY, -- "deposits": a block of the chain; "skills": seq of a verdict
  value BIGINT NOT NULL
) WITHOUT ROWID;
INSERT INTO cursors (name, value) VALUES ('deposits', 0), ('skills', 0);

-- +goose StatementBegin
CREATE TRIGGER answers_stay BEFORE UPDATE ON answers BEGIN SELECT RAISE(ABORT, 'answers are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER answers_remain BEFORE DELETE ON answers BEGIN SELECT RAISE(ABORT, 'answers are never removed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER transactions_stay BEFORE UPDATE ON transactions BEGIN SELECT RAISE(ABORT, 'the ledger is never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER transactions_remain BEFORE DELETE ON transactions BEGIN SELECT RAISE(ABORT, 'the ledger is never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER entries_stay BEFORE UPDATE ON entries BEGIN SELECT RAISE(ABORT, 'the ledger is never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER entries_remain BEFORE DELETE ON entries BEGIN SELECT RAISE(ABORT, 'the ledger is never changed'); END;
-- +goose StatementEnd
