-- Who is asked which share of a family's questions, and how many tasks of a project one person may answer.

-- +goose Up
ALTER TABLE families ADD COLUMN newcomer BIGINT NOT NULL DEFAULT 1000; -- of which share of its questions people are asked of whom nothing is known, in thousandths
CREATE INDEX families_routed ON families (id) WHERE newcomer < 1000;

-- Of which share of a family's questions people are asked: who is not there has 1000 if they have mistakes in it, and
-- else its share of newcomers.
CREATE TABLE shares (
  family     TEXT NOT NULL,
  respondent TEXT NOT NULL,
  share      BIGINT NOT NULL, -- in thousandths
  PRIMARY KEY (family, respondent)
) WITHOUT ROWID;
CREATE INDEX shares_by_respondent ON shares (respondent);

ALTER TABLE projects ADD COLUMN most_per_person BIGINT NOT NULL DEFAULT 0; -- how many of its tasks one person may answer; 0 for any number
CREATE INDEX projects_limited ON projects (id) WHERE most_per_person > 0;
CREATE INDEX projects_running ON project_progress (project) WHERE status = 'running';

CREATE TABLE taken (
  respondent TEXT NOT NULL,
  project    TEXT NOT NULL,
  tasks      BIGINT NOT NULL, -- of the project that they were ever assigned, but for those that they skipped
  PRIMARY KEY (respondent, project)
) WITHOUT ROWID;
INSERT INTO taken (respondent, project, tasks) SELECT a.respondent, q.project, COUNT(*) FROM assignments a JOIN questions q ON q.id = a.question
  WHERE q.project <> '' AND a.status <> 'skipped' GROUP BY a.respondent, q.project;
