-- Trained models are judged by tasks that no node had.

-- +goose Up
ALTER TABLE jobs ADD COLUMN hidden   TEXT NOT NULL DEFAULT ''; -- compute.Hidden as JSON; empty where there is none
ALTER TABLE jobs ADD COLUMN unjudged TEXT NOT NULL DEFAULT ''; -- compute.Unjudged
UPDATE jobs SET unjudged = 'not_here' WHERE kind = 'train';

-- What is told of hidden parts once their jobs are settled.
CREATE TABLE job_secrets (
  job   TEXT NOT NULL PRIMARY KEY REFERENCES jobs (id),
  salt  BLOB NOT NULL,
  marks BLOB NOT NULL, -- of all tasks that have labels
  guess BLOB NOT NULL  -- losses, as compute.Losses has them
) WITHOUT ROWID;

CREATE TABLE trials (
  lease   TEXT NOT NULL PRIMARY KEY REFERENCES leases (id),
  job     TEXT NOT NULL REFERENCES jobs (id),
  part    BIGINT NOT NULL,
  state   TEXT NOT NULL, -- compute.TrialState
  losses  BLOB NOT NULL, -- as compute.Losses has them
  correct BIGINT NOT NULL, -- tasks
  problem TEXT NOT NULL, -- why there was no model
  at      BIGINT NOT NULL, -- when it was closed; while it is open, when it was opened
  card    TEXT NOT NULL, -- an artefact; empty without one
  report  TEXT NOT NULL  -- likewise
) WITHOUT ROWID;
CREATE INDEX trials_by_job ON trials (job);
CREATE INDEX trials_open ON trials (at) WHERE state = 'open';
