-- Golds: questions whose answer is known. Times are as in the first schema.

-- +goose Up
CREATE TABLE golds (
  question TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES questions (id),
  choice   BIGINT NOT NULL, -- the truth
  state    TEXT COLLATE "C" NOT NULL,   -- labeling.GoldState
  at       BIGINT NOT NULL  -- when the truth was given
);

-- Whose answers weigh nothing by a snapshot. They get no question that names it.
CREATE TABLE voids (
  respondent TEXT COLLATE "C" NOT NULL,
  snapshot   TEXT COLLATE "C" NOT NULL, -- its hash
  PRIMARY KEY (respondent, snapshot)
);

CREATE INDEX families_by_snapshot ON families (snapshot);
