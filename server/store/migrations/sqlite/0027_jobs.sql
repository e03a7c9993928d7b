-- Work for nodes: jobs in parts, who does them, and what came of it.

-- +goose Up
CREATE TABLE nodes (
  id         TEXT NOT NULL PRIMARY KEY,
  owner      TEXT NOT NULL REFERENCES respondents (id),
  key        BLOB NOT NULL,   -- a device of the owner's
  name       TEXT NOT NULL,
  capability TEXT NOT NULL,   -- compute.Capability as JSON
  memory     BIGINT NOT NULL, -- of it, in bytes
  disk       BIGINT NOT NULL, -- likewise
  gpu        BIGINT NOT NULL, -- 1 when it has one
  rate       BIGINT NOT NULL, -- proven, in operations per second
  proven_at  BIGINT NOT NULL,
  joined_at  BIGINT NOT NULL,
  seen_at    BIGINT NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX nodes_by_key ON nodes (key);
CREATE INDEX nodes_by_owner ON nodes (owner, id);
CREATE INDEX nodes_by_seen ON nodes (seen_at);

CREATE TABLE jobs (
  id         TEXT NOT NULL PRIMARY KEY,
  org        TEXT NOT NULL REFERENCES orgs (id),
  title      TEXT NOT NULL,
  importance BIGINT NOT NULL,
  kind       TEXT NOT NULL,   -- compute.JobKind
  work       BLOB NOT NULL,   -- compute.Work as JSON: the very bytes that nodes are given
  trainer    TEXT NOT NULL,   -- that it needs; empty: any
  gpu        BIGINT NOT NULL, -- 1 when it needs one
  memory     BIGINT NOT NULL, -- that it needs, in bytes
  disk       BIGINT NOT NULL, -- likewise
  max_time   BIGINT NOT NULL, -- of a lease, in microseconds
  total      BIGINT NOT NULL, -- rows
  part_rows  BIGINT NOT NULL, -- that a part has at most; 0: as many as a node does in about a minute
  cut        BIGINT NOT NULL, -- rows that parts were made of
  parts      BIGINT NOT NULL, -- that were made
  finished   BIGINT NOT NULL, -- rows of parts that are done
  waiting    BIGINT NOT NULL, -- parts that wait
  each       BIGINT NOT NULL, -- operations that a row takes
  state      TEXT NOT NULL,   -- compute.JobState
  problem    TEXT NOT NULL,   -- why it failed
  created_at BIGINT NOT NULL,
  ended_at   BIGINT NOT NULL  -- 0 before
) WITHOUT ROWID;
CREATE INDEX jobs_by_org ON jobs (org, id);
CREATE INDEX jobs_that_wait ON jobs (org, importance DESC, id) WHERE state = 'open' AND (cut < total OR waiting > 0);

CREATE TABLE parts (
  job        TEXT NOT NULL REFERENCES jobs (id),
  number     BIGINT NOT NULL, -- 0, 1, 2, ...
  from_row   BIGINT NOT NULL,
  to_row     BIGINT NOT NULL, -- after the last
  state      TEXT NOT NULL,   -- compute.PartState
  copies     BIGINT NOT NULL, -- leases that run
  failures   TEXT NOT NULL,   -- compute.Failure, a JSON array
  lost       BIGINT NOT NULL, -- leases that ran out
  next_at    BIGINT NOT NULL,
  due_at     BIGINT NOT NULL, -- after which it is late; 0 where it never is
  checkpoint TEXT NOT NULL,   -- an artefact; empty without one
  step       BIGINT NOT NULL, -- of it
  result     TEXT NOT NULL,   -- the lease that did it; empty before
  PRIMARY KEY (job, number)
) WITHOUT ROWID;
CREATE INDEX parts_that_wait ON parts (job, number) WHERE state = 'waiting';
CREATE INDEX parts_that_are_due ON parts (due_at) WHERE state = 'running' AND copies = 1 AND due_at > 0;

CREATE TABLE leases (
  id         TEXT NOT NULL PRIMARY KEY,
  job        TEXT NOT NULL REFERENCES jobs (id),
  part       BIGINT NOT NULL,
  from_row   BIGINT NOT NULL,
  to_row     BIGINT NOT NULL,
  node       TEXT NOT NULL,
  owner      TEXT NOT NULL REFERENCES respondents (id),
  state      TEXT NOT NULL,   -- compute.LeaseState
  why        TEXT NOT NULL,   -- compute.Why as JSON
  began_at   BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  ended_at   BIGINT NOT NULL, -- 0 before
  resumed    BIGINT NOT NULL, -- the step that it went on from
  progress   TEXT NOT NULL,   -- compute.Report as JSON
  curve      TEXT NOT NULL,   -- some of them, a JSON array
  problem    TEXT NOT NULL,
  receipt    TEXT NOT NULL    -- compute.Receipt as JSON; empty before
) WITHOUT ROWID;
CREATE INDEX leases_by_job ON leases (job, id);
CREATE INDEX leases_by_node ON leases (node, id);
CREATE INDEX leases_that_run ON leases (expires_at) WHERE state = 'running';
CREATE INDEX leases_that_run_by_node ON leases (node, id) WHERE state = 'running';

-- How much was computed for each organisation, in 2^20 operations: the least has its turn.
CREATE TABLE job_shares (
  org  TEXT NOT NULL PRIMARY KEY REFERENCES orgs (id),
  used BIGINT NOT NULL
) WITHOUT ROWID;

-- Its one row is locked by who gives work.
CREATE TABLE job_turn (
  one BIGINT NOT NULL PRIMARY KEY
) WITHOUT ROWID;
INSERT INTO job_turn (one) VALUES (1);
