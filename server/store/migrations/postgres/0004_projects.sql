-- Projects, their tasks, imports of tasks, and versions of datasets. Times, amounts and ids are as in the first schema.

-- +goose Up
-- What its requester says of a project. What changes with its tasks is in project_progress, whose rows are small.
CREATE TABLE projects (
  id           TEXT COLLATE "C" NOT NULL PRIMARY KEY, -- prj_...
  org          TEXT COLLATE "C" NOT NULL REFERENCES orgs (id),
  name         TEXT COLLATE "C" NOT NULL,
  instructions TEXT COLLATE "C" NOT NULL,
  examples     TEXT COLLATE "C" NOT NULL,             -- a JSON array of labeling.Example
  type         TEXT COLLATE "C" NOT NULL,             -- polls.Type
  text         TEXT COLLATE "C" NOT NULL,             -- the question of all tasks; empty when each has its own
  choices      TEXT COLLATE "C" NOT NULL,             -- a JSON array of strings
  options      TEXT COLLATE "C" NOT NULL,             -- a JSON object: what only some types have
  policy       TEXT COLLATE "C" NOT NULL,             -- as polls.Policy writes itself
  min          BIGINT NOT NULL,                       -- the policy's fewest answers
  max          BIGINT NOT NULL,                       -- the policy's most answers
  price        BIGINT NOT NULL,                       -- what one answer pays
  lifetime     BIGINT NOT NULL,                       -- of a question, microseconds
  gold_ppm     BIGINT NOT NULL,                       -- golds among the questions that somebody gets, in parts per million
  languages    TEXT COLLATE "C" NOT NULL,             -- a JSON array of BCP 47 tags
  created_at   BIGINT NOT NULL
);
CREATE INDEX projects_by_org ON projects (org, id);

CREATE TABLE project_progress (
  project    TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES projects (id),
  status     TEXT COLLATE "C" NOT NULL, -- labeling.ProjectStatus
  work       TEXT COLLATE "C" NOT NULL, -- labeling.Work
  work_after TEXT COLLATE "C" NOT NULL, -- the key of the last task that the work is done for
  problem    TEXT COLLATE "C" NOT NULL, -- the code of the error that stopped the work; empty while it goes on
  imports    BIGINT NOT NULL,           -- under way
  tasks      BIGINT NOT NULL,
  open       BIGINT NOT NULL,
  done       BIGINT NOT NULL,
  ended      BIGINT NOT NULL,
  answers    BIGINT NOT NULL,           -- to closed questions
  paid       BIGINT NOT NULL,           -- to respondents
  fees       BIGINT NOT NULL            -- to the operator
);
CREATE INDEX projects_at_work ON project_progress (project) WHERE work <> '';

CREATE TABLE tasks (
  project  TEXT COLLATE "C" NOT NULL REFERENCES projects (id),
  key      TEXT COLLATE "C" NOT NULL,        -- the requester's own word for it
  question TEXT COLLATE "C" NOT NULL UNIQUE, -- the newest one that asks it
  state    TEXT COLLATE "C" NOT NULL,        -- labeling.TaskState
  truth    TEXT COLLATE "C" NOT NULL,        -- what its requester knows to be the answer, as answers are written; or empty
  import   TEXT COLLATE "C" NOT NULL,        -- imp_..., or empty
  asked    BIGINT NOT NULL,                  -- how often it was asked
  PRIMARY KEY (project, key)
);
CREATE INDEX tasks_by_state ON tasks (project, state, key);

CREATE TABLE imports (
  id         TEXT COLLATE "C" NOT NULL PRIMARY KEY, -- imp_...
  project    TEXT COLLATE "C" NOT NULL REFERENCES projects (id),
  org        TEXT COLLATE "C" NOT NULL,             -- the project's
  name       TEXT COLLATE "C" NOT NULL,             -- the file's
  state      TEXT COLLATE "C" NOT NULL,             -- labeling.ImportState
  problem    TEXT COLLATE "C" NOT NULL,             -- the code of the error that stopped it, or empty
  detail     TEXT COLLATE "C" NOT NULL,             -- the same as a sentence
  bytes      BIGINT NOT NULL,                       -- received
  read       BIGINT NOT NULL,                       -- rows that were read, with those that are malformed
  made       BIGINT NOT NULL,                       -- tasks
  known      BIGINT NOT NULL,                       -- rows whose key the project had
  malformed  BIGINT NOT NULL,
  first      TEXT COLLATE "C" NOT NULL,             -- of the malformed rows, a JSON array of labeling.BadRow
  created_at BIGINT NOT NULL,
  ended_at   BIGINT NOT NULL                        -- 0 while it is not over
);
CREATE INDEX imports_by_project ON imports (project, id);
CREATE INDEX imports_running ON imports (id) WHERE state = 'running';

CREATE TABLE datasets (
  id         TEXT COLLATE "C" NOT NULL PRIMARY KEY, -- ds_...
  project    TEXT COLLATE "C" NOT NULL REFERENCES projects (id),
  org        TEXT COLLATE "C" NOT NULL,             -- the project's
  state      TEXT COLLATE "C" NOT NULL,             -- labeling.DatasetState
  source     TEXT COLLATE "C" NOT NULL,             -- labeling.LabelSource
  method     TEXT COLLATE "C" NOT NULL,             -- that made the labels of the answers
  reason     TEXT COLLATE "C" NOT NULL,             -- why that method, for people
  problem    TEXT COLLATE "C" NOT NULL,             -- why it was not sealed, or empty
  rows       BIGINT NOT NULL,
  root       BYTEA NOT NULL,                        -- of the Merkle tree over the rows' hashes; empty before it is sealed
  hash       BYTEA NOT NULL,                        -- tasknet/dataset/v1; empty before it is sealed
  manifest   TEXT COLLATE "C" NOT NULL,             -- canonical JSON, whose hash that is
  created_at BIGINT NOT NULL,
  sealed_at  BIGINT NOT NULL                        -- 0 while it is not
);
CREATE INDEX datasets_by_project ON datasets (project, id);
CREATE INDEX datasets_sealing ON datasets (id) WHERE state = 'sealing';

CREATE TABLE dataset_rows (
  dataset TEXT COLLATE "C" NOT NULL REFERENCES datasets (id),
  key     TEXT COLLATE "C" NOT NULL, -- the task's
  hash    BYTEA NOT NULL,            -- tasknet/dataset-row/v1
  content TEXT COLLATE "C" NOT NULL, -- canonical JSON, whose hash that is
  PRIMARY KEY (dataset, key)
);
