-- Projects, their tasks, imports of tasks, and versions of datasets. Times, amounts and ids are as in the first schema.

-- +goose Up
-- What its requester says of a project. What changes with its tasks is in project_progress, whose rows are small.
CREATE TABLE projects (
  id           TEXT NOT NULL PRIMARY KEY, -- prj_...
  org          TEXT NOT NULL REFERENCES orgs (id),
  name         TEXT NOT NULL,
  instructions TEXT NOT NULL,
  examples     TEXT NOT NULL,             -- a JSON array of labeling.Example
  type         TEXT NOT NULL,             -- polls.Type
  text         TEXT NOT NULL,             -- the question of all tasks; empty when each has its own
  choices      TEXT NOT NULL,             -- a JSON array of strings
  options      TEXT NOT NULL,             -- a JSON object: what only some types have
  policy       TEXT NOT NULL,             -- as polls.Policy writes itself
  min          BIGINT NOT NULL,           -- the policy's fewest answers
  max          BIGINT NOT NULL,           -- the policy's most answers
  price        BIGINT NOT NULL,           -- what one answer pays
  lifetime     BIGINT NOT NULL,           -- of a question, microseconds
  gold_ppm     BIGINT NOT NULL,           -- golds among the questions that somebody gets, in parts per million
  languages    TEXT NOT NULL,             -- a JSON array of BCP 47 tags
  created_at   BIGINT NOT NULL
);
CREATE INDEX projects_by_org ON projects (org, id);

CREATE TABLE project_progress (
  project    TEXT NOT NULL PRIMARY KEY REFERENCES projects (id),
  status     TEXT NOT NULL,   -- labeling.ProjectStatus
  work       TEXT NOT NULL,   -- labeling.Work
  work_after TEXT NOT NULL,   -- the key of the last task that the work is done for
  problem    TEXT NOT NULL,   -- the code of the error that stopped the work; empty while it goes on
  imports    BIGINT NOT NULL, -- under way
  tasks      BIGINT NOT NULL,
  open       BIGINT NOT NULL,
  done       BIGINT NOT NULL,
  ended      BIGINT NOT NULL,
  answers    BIGINT NOT NULL, -- to closed questions
  paid       BIGINT NOT NULL, -- to respondents
  fees       BIGINT NOT NULL  -- to the operator
) WITHOUT ROWID;
CREATE INDEX projects_at_work ON project_progress (project) WHERE work <> '';

CREATE TABLE tasks (
  project  TEXT NOT NULL REFERENCES projects (id),
  key      TEXT NOT NULL,        -- the requester's own word for it
  question TEXT NOT NULL UNIQUE, -- the newest one that asks it
  state    TEXT NOT NULL,        -- labeling.TaskState
  truth    TEXT NOT NULL,        -- what its requester knows to be the answer, as answers are written; or empty
  import   TEXT NOT NULL,        -- imp_..., or empty
  asked    BIGINT NOT NULL,      -- how often it was asked
  PRIMARY KEY (project, key)
) WITHOUT ROWID;
CREATE INDEX tasks_by_state ON tasks (project, state, key);

CREATE TABLE imports (
  id         TEXT NOT NULL PRIMARY KEY, -- imp_...
  project    TEXT NOT NULL REFERENCES projects (id),
  org        TEXT NOT NULL,             -- the project's
  name       TEXT NOT NULL,             -- the file's
  state      TEXT NOT NULL,             -- labeling.ImportState
  problem    TEXT NOT NULL,             -- the code of the error that stopped it, or empty
  detail     TEXT NOT NULL,             -- the same as a sentence
  bytes      BIGINT NOT NULL,           -- received
  read       BIGINT NOT NULL,           -- rows that were read, with those that are malformed
  made       BIGINT NOT NULL,           -- tasks
  known      BIGINT NOT NULL,           -- rows whose key the project had
  malformed  BIGINT NOT NULL,
  first      TEXT NOT NULL,             -- of the malformed rows, a JSON array of labeling.BadRow
  created_at BIGINT NOT NULL,
  ended_at   BIGINT NOT NULL            -- 0 while it is not over
) WITHOUT ROWID;
CREATE INDEX imports_by_project ON imports (project, id);
CREATE INDEX imports_running ON imports (id) WHERE state = 'running';

CREATE TABLE datasets (
  id         TEXT NOT NULL PRIMARY KEY, -- ds_...
  project    TEXT NOT NULL REFERENCES projects (id),
  org        TEXT NOT NULL,             -- the project's
  state      TEXT NOT NULL,             -- labeling.DatasetState
  source     TEXT NOT NULL,             -- labeling.LabelSource
  method     TEXT NOT NULL,             -- that made the labels of the answers
  reason     TEXT NOT NULL,             -- why that method, for people
  problem    TEXT NOT NULL,             -- why it was not sealed, or empty
  rows       BIGINT NOT NULL,
  root       BLOB NOT NULL,             -- of the Merkle tree over the rows' hashes; empty before it is sealed
  hash       BLOB NOT NULL,             -- tasknet/dataset/v1; empty before it is sealed
  manifest   TEXT NOT NULL,             -- canonical JSON, whose hash that is
  created_at BIGINT NOT NULL,
  sealed_at  BIGINT NOT NULL            -- 0 while it is not
) WITHOUT ROWID;
CREATE INDEX datasets_by_project ON datasets (project, id);
CREATE INDEX datasets_sealing ON datasets (id) WHERE state = 'sealing';

CREATE TABLE dataset_rows (
  dataset TEXT NOT NULL REFERENCES datasets (id),
  key     TEXT NOT NULL, -- the task's
  hash    BLOB NOT NULL, -- tasknet/dataset-row/v1
  content TEXT NOT NULL, -- canonical JSON, whose hash that is
  PRIMARY KEY (dataset, key)
) WITHOUT ROWID;
