-- Trained models are judged by tasks that no node had.

-- +goose Up
ALTER TABLE jobs ADD COLUMN hidden   TEXT COLLATE "C" NOT NULL DEFAULT ''; -- compute.Hidden as JSON; empty where there is none
ALTER TABLE jobs ADD COLUMN unjudged TEXT COLLATE "C" NOT NULL DEFAULT ''; -- compute.Unjudged
UPDATE jobs SET unjudged = 'not_here' WHERE kind = 'train';

-- What is told of hidden parts once their jobs are settled.
CREATE TABLE job_secrets (
  job   TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES jobs (id),
  salt  BYTEA NOT NULL,
  marks BYTEA NOT NULL, -- of all tasks that have labels
  guess BYTEA NOT NULL  -- losses, as compute.Losses has them
);

CREATE TABLE trials (
  lease   TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES leases (id),
  job     TEXT COLLATE "C" NOT NULL REFERENCES jobs (id),
  part    BIGINT NOT NULL,
  state   TEXT COLLATE "C" NOT NULL, -- compute.TrialState
  losses  BYTEA NOT NULL, -- as compute.Losses has them
  correct BIGINT NOT NULL, -- tasks
  problem TEXT COLLATE "C" NOT NULL, -- why there was no model
  at      BIGINT NOT NULL, -- when it was closed; while it is open, when it was opened
  card    TEXT COLLATE "C" NOT NULL, -- an artefact; empty without one
  report  TEXT COLLATE "C" NOT NULL  -- likewise
);
CREATE INDEX trials_by_job ON trials (job);
CREATE INDEX trials_open ON trials (at) WHERE state = 'open';
