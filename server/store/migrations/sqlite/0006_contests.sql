-- Contests: items that people compare two by two until their ranking is settled.

-- +goose Up
CREATE TABLE contests (
  id         TEXT NOT NULL PRIMARY KEY, -- cts_...
  org        TEXT NOT NULL REFERENCES orgs (id),
  text       TEXT NOT NULL,             -- what is asked about each pair
  items      TEXT NOT NULL,             -- a JSON array of names and images
  top        BIGINT NOT NULL,           -- how many best items are to be known; 0 for the order of all
  target     BIGINT NOT NULL,           -- the confidence that is asked for, in parts per million
  max        BIGINT NOT NULL,           -- the most comparisons
  at_once    BIGINT NOT NULL,           -- comparisons that are open at a time
  price      BIGINT NOT NULL,           -- what a comparison pays
  lifetime   BIGINT NOT NULL,           -- of a comparison, microseconds
  status     TEXT NOT NULL,             -- labeling.ContestStatus
  problem    TEXT NOT NULL,             -- the code of the error that keeps it from asking, or empty
  asked      BIGINT NOT NULL,           -- comparisons
  ranking    TEXT NOT NULL,             -- a JSON object, or empty before there is one
  created_at BIGINT NOT NULL,
  ended_at   BIGINT NOT NULL            -- 0 while it runs
);
CREATE INDEX contests_by_org ON contests (org, id);
CREATE INDEX contests_running ON contests (id) WHERE status = 'running';

CREATE TABLE pairings (
  contest  TEXT NOT NULL REFERENCES contests (id),
  n        BIGINT NOT NULL, -- 0, 1, 2, ... in the order of asking
  question TEXT NOT NULL,   -- q_...
  first    BIGINT NOT NULL, -- index of the item that is choice 0
  second   BIGINT NOT NULL, -- index of the item that is choice 1
  PRIMARY KEY (contest, n)
) WITHOUT ROWID;
