-- Golds: questions whose answer is known. Times are as in the first schema.

-- +goose Up
CREATE TABLE golds (
  question TEXT NOT NULL PRIMARY KEY REFERENCES questions (id),
  choice   BIGINT NOT NULL, -- the truth
  state    TEXT NOT NULL,   -- labeling.GoldState
  at       BIGINT NOT NULL  -- when the truth was given
) WITHOUT ROWID;

-- Whose answers weigh nothing by a snapshot. They get no question that names it.
CREATE TABLE voids (
  respondent TEXT NOT NULL,
  snapshot   TEXT NOT NULL, -- its hash
  PRIMARY KEY (respondent, snapshot)
) WITHOUT ROWID;

CREATE INDEX families_by_snapshot ON families (snapshot);
