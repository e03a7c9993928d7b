-- Skills are learned by family, as confusion matrices, in place of one number for everybody: see labeling.Snapshot.

-- +goose Up
DROP TABLE tallies;
DROP TABLE snapshots;
DELETE FROM cursors WHERE name = 'skills';

ALTER TABLE verdicts ADD COLUMN family      TEXT   NOT NULL DEFAULT ''; -- labeling.FamilyID; empty when answers are no choices
ALTER TABLE verdicts ADD COLUMN claims      BIGINT NOT NULL DEFAULT 0;  -- 1 when the policy's confidence may be claimed
ALTER TABLE verdicts ADD COLUMN correction  TEXT   NOT NULL DEFAULT ''; -- labeling.Correction
ALTER TABLE verdicts ADD COLUMN golds       BIGINT NOT NULL DEFAULT 0;  -- how many the correction knows
ALTER TABLE verdicts ADD COLUMN pooled      BIGINT NOT NULL DEFAULT 0;  -- 1 when they are of other families as well
ALTER TABLE verdicts ADD COLUMN cannot_tell BIGINT NOT NULL DEFAULT 0;  -- answers that name no choice
CREATE INDEX verdicts_by_family ON verdicts (family, seq);

CREATE TABLE snapshots (
  hash TEXT NOT NULL PRIMARY KEY, -- tasknet/skills/v2
  at   BIGINT NOT NULL,
  body TEXT NOT NULL              -- what the hash is over, in canonical JSON
);

CREATE TABLE families (
  id          TEXT NOT NULL PRIMARY KEY, -- labeling.FamilyID
  choices     BIGINT NOT NULL,           -- how many its questions have
  closed      BIGINT NOT NULL,           -- questions
  learned     BIGINT NOT NULL,           -- how many had closed when it was last learned
  due         BIGINT NOT NULL,           -- from how many closed on it is learned at once
  at          BIGINT NOT NULL,           -- when it was last learned, or its first question closed
  version     BIGINT NOT NULL,           -- of its newest snapshot; 0 when it has none
  snapshot    TEXT NOT NULL,             -- the hash of that; empty when it has none
  golds       BIGINT NOT NULL,           -- in its own calibration
  calibration TEXT NOT NULL              -- a JSON array of labeling.Step
) WITHOUT ROWID;
CREATE INDEX families_to_learn ON families (at, id) WHERE closed > learned;
CREATE INDEX families_due      ON families (id) WHERE closed >= due;
CREATE INDEX families_golden   ON families (choices, id) WHERE golds > 0;

-- How people err in each family, in thousandths of answers. Tallies are the sums over families.
CREATE TABLE mistakes (
  family     TEXT NOT NULL,
  respondent TEXT NOT NULL,
  wrong      BIGINT NOT NULL, -- answers that were wrong
  expected   BIGINT NOT NULL, -- that would have been if everybody erred alike
  PRIMARY KEY (family, respondent)
) WITHOUT ROWID;

CREATE TABLE tallies (
  respondent TEXT NOT NULL PRIMARY KEY,
  wrong      BIGINT NOT NULL, -- as in mistakes
  expected   BIGINT NOT NULL  -- as in mistakes
) WITHOUT ROWID;
