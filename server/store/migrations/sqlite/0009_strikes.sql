-- Answers that do not count: gold had proven, by when their question was about to close, that they are worth nothing.

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
