-- Jobs that answer single rows at once.

-- +goose Up
ALTER TABLE jobs ADD COLUMN live BIGINT NOT NULL DEFAULT 0; -- 1 when it does
ALTER TABLE parts ADD COLUMN asked TEXT COLLATE "C" NOT NULL DEFAULT ''; -- an artefact: the rows that were answered live, for who does them again; empty otherwise

-- What waits for an answer, and what sessions that run have answered.
CREATE TABLE asks (
  id          TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  job         TEXT COLLATE "C" NOT NULL REFERENCES jobs (id),
  line        BYTEA NOT NULL,   -- a line of JSON
  asked_at    BIGINT NOT NULL,
  due_at      BIGINT NOT NULL, -- after which nobody waits
  lease       TEXT COLLATE "C" NOT NULL,   -- that it was given to last, or by which it was answered; empty before
  other       TEXT COLLATE "C" NOT NULL,   -- that it was given to before that
  given_at    BIGINT NOT NULL, -- 0 before
  place       BIGINT NOT NULL, -- 1, 2, 3, ... among those that the lease has answered; 0 before
  said        BYTEA NOT NULL,
  signature   BYTEA NOT NULL,
  key         BYTEA NOT NULL,   -- of the node that has signed it
  answered_at BIGINT NOT NULL  -- 0 before
);
CREATE INDEX asks_by_job ON asks (job, answered_at, id);
CREATE INDEX asks_by_lease ON asks (lease, place) WHERE place > 0;
CREATE INDEX asks_by_due ON asks (due_at);

-- How long answers took.
CREATE TABLE ask_times (
  job    TEXT COLLATE "C" NOT NULL REFERENCES jobs (id),
  bucket BIGINT NOT NULL, -- compute.TimeBucket
  asks   BIGINT NOT NULL,
  PRIMARY KEY (job, bucket)
);

-- Checkpoints of jobs that have ended are removed after a while.
CREATE INDEX parts_with_checkpoint ON parts (job) WHERE checkpoint <> '';
