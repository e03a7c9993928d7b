-- Questions of more types than a choice, and answers that are values.

-- +goose Up
ALTER TABLE questions ADD COLUMN project TEXT NOT NULL DEFAULT ''; -- prj_..., or empty for a question that stands alone
ALTER TABLE questions ADD COLUMN extras  TEXT NOT NULL DEFAULT ''; -- a JSON object of what only some questions have, or empty
ALTER TABLE answers   ADD COLUMN value   TEXT NOT NULL DEFAULT ''; -- polls.Value; empty when the answer is a choice
ALTER TABLE verdicts  ADD COLUMN value     TEXT NOT NULL DEFAULT '';  -- polls.Value; empty when answers are choices
ALTER TABLE verdicts  ADD COLUMN agreement BIGINT NOT NULL DEFAULT 0; -- of answers that are values, in parts per million
