-- Answers that do not count: gold had proven, by when their question was about to close, that they are worth nothing. And
-- newcomers: who has not shown by gold yet that they do not guess, and whose pay waits until then.

-- +goose Up
CREATE TABLE strikes (
  question   TEXT NOT NULL REFERENCES questions (id),
  respondent TEXT NOT NULL,
  snapshot   TEXT NOT NULL,   -- the hash of the one that proves it
  answers    BIGINT NOT NULL, -- accepted until then
  counted    BIGINT NOT NULL, -- of these, those that counted until then
  at         BIGINT NOT NULL,
  PRIMARY KEY (question, respondent)
) WITHOUT ROWID;
ALTER TABLE progress ADD COLUMN struck BIGINT NOT NULL DEFAULT 0; -- of its answers, those that do not count

-- +goose StatementBegin
CREATE TRIGGER strikes_stay BEFORE UPDATE ON strikes BEGIN SELECT RAISE(ABORT, 'strikes are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER strikes_remain BEFORE DELETE ON strikes BEGIN SELECT RAISE(ABORT, 'strikes are never removed'); END;
-- +goose StatementEnd

-- Who is no newcomer any more.
CREATE TABLE proven (
  respondent TEXT NOT NULL PRIMARY KEY,
  family     TEXT NOT NULL, -- where they passed
  at         BIGINT NOT NULL
) WITHOUT ROWID;

-- Of what the balances of accounts of newcomers' pay are made.
CREATE TABLE pending (
  respondent TEXT NOT NULL,
  family     TEXT NOT NULL, -- of the questions that it was earned by
  amount     BIGINT NOT NULL,
  since      BIGINT NOT NULL, -- of the oldest of it
  PRIMARY KEY (respondent, family)
) WITHOUT ROWID;
CREATE INDEX pending_by_family ON pending (family, respondent);
CREATE INDEX pending_by_age    ON pending (since, respondent, family);
CREATE INDEX golds_by_scope    ON golds (scope, question);
