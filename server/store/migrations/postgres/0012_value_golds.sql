-- Golds whose truth is a value; and newcomers of each organisation.

-- +goose Up
ALTER TABLE golds ADD COLUMN value TEXT NOT NULL DEFAULT ''; -- the truth where answers are values, as polls.Value; the choice is 0 then

-- Whose answers to such a gold, when it was opened, were not as known.
CREATE TABLE missed (
  question   TEXT NOT NULL REFERENCES questions (id),
  respondent TEXT NOT NULL,
  PRIMARY KEY (question, respondent)
);

-- Who is no newcomer any more with an organisation. Those of proven, which has no new ones, are none with any.
CREATE TABLE passed (
  respondent TEXT NOT NULL,
  org        TEXT NOT NULL,
  family     TEXT NOT NULL, -- where they passed
  at         BIGINT NOT NULL,
  PRIMARY KEY (respondent, org)
);

ALTER TABLE pending ADD COLUMN org TEXT NOT NULL DEFAULT ''; -- whose the questions of the family are
UPDATE pending SET org = COALESCE((SELECT q.org FROM verdicts v JOIN questions q ON q.id = v.question WHERE v.family = pending.family ORDER BY v.seq LIMIT 1), '');
