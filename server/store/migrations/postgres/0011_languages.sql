-- In which languages projects are, without their regions, so that people get what they can read.

-- +goose Up
CREATE TABLE project_languages (
  project  TEXT COLLATE "C" NOT NULL REFERENCES projects (id),
  language TEXT COLLATE "C" NOT NULL, -- as polls.Language returns it
  PRIMARY KEY (project, language)
);
INSERT INTO project_languages (project, language) SELECT DISTINCT j.id, lower(split_part(l.value, '-', 1))
  FROM projects j, json_array_elements_text(CASE WHEN j.languages = '' THEN '[]' ELSE j.languages END::json) l(value);
