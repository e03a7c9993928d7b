-- What jobs pay, what was delivered for it, and how it was checked.

-- +goose Up
ALTER TABLE jobs ADD COLUMN number     BIGINT NOT NULL DEFAULT 0;  -- 1, 2, 3, ... in the order in which they were made
ALTER TABLE jobs ADD COLUMN price      BIGINT NOT NULL DEFAULT 0;  -- of all rows, in micro-units
ALTER TABLE jobs ADD COLUMN fee        BIGINT NOT NULL DEFAULT 0;  -- the operator's, on the price
ALTER TABLE jobs ADD COLUMN replicas   BIGINT NOT NULL DEFAULT 1;  -- owners who do each part
ALTER TABLE jobs ADD COLUMN audit_ppm  BIGINT NOT NULL DEFAULT 0;  -- of single parts
ALTER TABLE jobs ADD COLUMN seed       BYTEA NOT NULL DEFAULT ''; -- says which
ALTER TABLE jobs ADD COLUMN settled_at BIGINT NOT NULL DEFAULT 0;  -- 0 before
ALTER TABLE jobs ADD COLUMN settled    BIGINT NOT NULL DEFAULT 0;  -- 1, 2, 3, ... in the order in which they were settled; 0 of those that ended before that was kept
UPDATE jobs SET number = (SELECT COUNT(*) FROM jobs b WHERE b.id <= jobs.id);
UPDATE jobs SET settled_at = ended_at WHERE state <> 'open';
CREATE UNIQUE INDEX jobs_by_number ON jobs (number);
CREATE UNIQUE INDEX jobs_by_settled ON jobs (settled) WHERE settled > 0;
CREATE INDEX jobs_to_settle ON jobs (ended_at) WHERE settled_at = 0;
DROP INDEX jobs_that_wait;
CREATE INDEX jobs_that_wait ON jobs (org, importance DESC, id) WHERE (state = 'open' AND cut < total) OR (state IN ('open', 'done') AND waiting > 0);

ALTER TABLE parts RENAME TO parts_before;
ALTER TABLE parts_before DROP CONSTRAINT parts_pkey;
DROP INDEX parts_that_wait;
DROP INDEX parts_that_are_due;
CREATE TABLE parts (
  job        TEXT COLLATE "C" NOT NULL REFERENCES jobs (id),
  number     BIGINT NOT NULL, -- 0, 1, 2, ...
  copy       BIGINT NOT NULL, -- 0, or which of those that check it
  from_row   BIGINT NOT NULL,
  to_row     BIGINT NOT NULL, -- after the last
  state      TEXT COLLATE "C" NOT NULL,   -- compute.PartState
  copies     BIGINT NOT NULL, -- leases that run
  failures   TEXT COLLATE "C" NOT NULL,   -- compute.Failure, a JSON array
  lost       BIGINT NOT NULL, -- leases that ran out
  next_at    BIGINT NOT NULL,
  due_at     BIGINT NOT NULL, -- after which it is late; 0 where it never is
  checkpoint TEXT COLLATE "C" NOT NULL,   -- an artefact; empty without one
  step       BIGINT NOT NULL, -- of it
  result     TEXT COLLATE "C" NOT NULL,   -- the lease that did it; empty before
  PRIMARY KEY (job, number, copy)
);
INSERT INTO parts (job, number, copy, from_row, to_row, state, copies, failures, lost, next_at, due_at, checkpoint, step, result)
  SELECT job, number, 0, from_row, to_row, state, copies, failures, lost, next_at, due_at, checkpoint, step, result FROM parts_before;
DROP TABLE parts_before;
CREATE INDEX parts_that_wait ON parts (job, number, copy) WHERE state = 'waiting';
CREATE INDEX parts_that_are_due ON parts (due_at) WHERE state = 'running' AND copies = 1 AND due_at > 0;

ALTER TABLE leases ADD COLUMN copy BIGINT NOT NULL DEFAULT 0; -- of the part
CREATE INDEX leases_by_part ON leases (job, part, owner);

CREATE TABLE deliveries (
  number BIGINT NOT NULL PRIMARY KEY, -- 1, 2, 3, ... in the order in which they were accepted
  lease  TEXT COLLATE "C" NOT NULL REFERENCES leases (id),
  job    TEXT COLLATE "C" NOT NULL REFERENCES jobs (id),
  key    BYTEA NOT NULL, -- the node's
  owner  TEXT COLLATE "C" NOT NULL REFERENCES respondents (id),
  pay    BIGINT NOT NULL, -- in micro-units
  fee    BIGINT NOT NULL, -- the operator's
  state  TEXT COLLATE "C" NOT NULL, -- compute.PayState
  why    TEXT COLLATE "C" NOT NULL, -- compute.Refusal; empty unless it is refused
  at     BIGINT NOT NULL  -- when it was accepted
);
CREATE UNIQUE INDEX deliveries_by_lease ON deliveries (lease);
CREATE INDEX deliveries_by_job ON deliveries (job, number);
CREATE INDEX deliveries_by_owner ON deliveries (owner, number);
CREATE INDEX deliveries_held ON deliveries (owner) WHERE state = 'held';

CREATE TABLE checks (
  job       TEXT COLLATE "C" NOT NULL REFERENCES jobs (id),
  part      BIGINT NOT NULL,
  audit     BIGINT NOT NULL, -- 1 when the part was drawn; otherwise it is one of replicas
  state     TEXT COLLATE "C" NOT NULL, -- compute.CheckState
  opened_at BIGINT NOT NULL,
  closed_at BIGINT NOT NULL, -- 0 before
  results   TEXT COLLATE "C" NOT NULL, -- compute.CheckResult, a JSON array
  PRIMARY KEY (job, part)
);
CREATE INDEX checks_open ON checks (opened_at) WHERE state = 'open';

-- What is known of owners of nodes whose work was settled or refuted.
CREATE TABLE node_owners (
  owner    TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES respondents (id),
  accepted BIGINT NOT NULL, -- deliveries
  refuted  BIGINT NOT NULL, -- likewise
  until    BIGINT NOT NULL  -- gets no work before
);

INSERT INTO cursors (name, value) VALUES ('log jobs', 0);
INSERT INTO cursors (name, value) VALUES ('log deliveries', 0);
