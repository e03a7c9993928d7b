-- In which languages projects are, without their regions, so that people get what they can read.

-- +goose Up
CREATE TABLE project_languages (
  project  TEXT NOT NULL REFERENCES projects (id),
  language TEXT NOT NULL, -- as polls.Language returns it
  PRIMARY KEY (project, language)
) WITHOUT ROWID;
INSERT INTO project_languages (project, language) SELECT DISTINCT j.id, lower(substr(l.value, 1, CASE WHEN instr(l.value, '-') > 0 THEN instr(l.value, '-') - 1 ELSE length(l.value) END))
  FROM projects j, json_each(j.languages) l WHERE j.languages <> '';
