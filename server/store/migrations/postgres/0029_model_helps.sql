-- Models that help projects: what a project wants of one, how far it is, what it says of tasks and what its word is worth.

-- +goose Up
ALTER TABLE projects ADD COLUMN help TEXT COLLATE "C" NOT NULL DEFAULT ''; -- labeling.ModelHelp as JSON; empty: no model helps
ALTER TABLE project_progress ADD COLUMN helped BIGINT NOT NULL DEFAULT 0;         -- tasks that closed with a verdict in which a model's word counts
ALTER TABLE project_progress ADD COLUMN helped_answers BIGINT NOT NULL DEFAULT 0; -- that these took
ALTER TABLE progress ADD COLUMN witness TEXT COLLATE "C" NOT NULL DEFAULT ''; -- hash of what the word of the model is worth that helps; empty: none does
ALTER TABLE progress ADD COLUMN opinion TEXT COLLATE "C" NOT NULL DEFAULT ''; -- what it says, a JSON array of parts per million; empty likewise
ALTER TABLE verdicts ADD COLUMN witness TEXT COLLATE "C" NOT NULL DEFAULT ''; -- likewise
ALTER TABLE verdicts ADD COLUMN opinion TEXT COLLATE "C" NOT NULL DEFAULT ''; -- likewise

-- What models' words are worth. None is ever changed or removed: verdicts name them.
CREATE TABLE witnesses (
  hash TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  at   BIGINT NOT NULL,
  body TEXT COLLATE "C" NOT NULL -- all that the hash is over
);

CREATE TABLE helpings (
  project TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES projects (id),
  version BIGINT NOT NULL, -- how often it was saved
  round   BIGINT NOT NULL, -- of the opinions that go with the witness
  witness TEXT COLLATE "C" NOT NULL, -- the newest; empty when no model helps
  skills  TEXT COLLATE "C" NOT NULL, -- the snapshot that goes with it
  body    TEXT COLLATE "C" NOT NULL  -- labeling.Helping as JSON
);

CREATE TABLE opinions (
  question TEXT COLLATE "C" NOT NULL REFERENCES questions (id),
  round    BIGINT NOT NULL, -- which of its project's models says so
  project  TEXT COLLATE "C" NOT NULL,
  opinion  TEXT COLLATE "C" NOT NULL,    -- a JSON array of parts per million; empty: nothing
  measures BIGINT NOT NULL, -- 1 when it says what the model's word is worth, and people close the question alone
  tried    BIGINT NOT NULL, -- 1 when it was compared with what people say
  PRIMARY KEY (question, round)
);
CREATE INDEX opinions_by_project ON opinions (project, round, measures, question);
CREATE INDEX projects_helped ON projects (id) WHERE help <> '';
