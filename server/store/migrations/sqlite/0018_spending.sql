-- What requesters spend and on what, how questions went that are closed, and what makes the price of a task higher.

-- +goose Up
CREATE INDEX progress_closed ON progress (org, closed_at, question) WHERE status = 'closed';

CREATE TABLE bonuses (
  id         TEXT NOT NULL PRIMARY KEY, -- bns_...
  org        TEXT NOT NULL REFERENCES orgs (id), -- who pays it
  question   TEXT NOT NULL REFERENCES questions (id),
  project    TEXT NOT NULL, -- the question's, or empty
  answer     TEXT NOT NULL, -- ans_..., for which it is paid
  respondent TEXT NOT NULL REFERENCES respondents (id), -- who gave it
  amount     BIGINT NOT NULL,
  reason     TEXT NOT NULL, -- what the requester says to the respondent
  at         BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX bonuses_by_org ON bonuses (org, at, id);
CREATE INDEX bonuses_by_respondent ON bonuses (respondent, id);

ALTER TABLE projects ADD COLUMN difficulty_ppm BIGINT NOT NULL DEFAULT 0;       -- by how much of itself the price rises with each further answer that tasks take
ALTER TABLE tasks    ADD COLUMN importance     BIGINT NOT NULL DEFAULT 1000000; -- how many times the project's price it pays, in parts per million
