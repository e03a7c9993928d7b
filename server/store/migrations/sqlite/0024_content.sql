-- What questions show that not everybody wants to see, what they are about, and who does not want to be woken for what.

-- +goose Up
ALTER TABLE questions ADD COLUMN content BIGINT NOT NULL DEFAULT 0; -- polls.Content: the question's own
ALTER TABLE projects  ADD COLUMN content BIGINT NOT NULL DEFAULT 0; -- polls.Content: of all of its questions, beside their own
ALTER TABLE sleepers  ADD COLUMN avoids TEXT NOT NULL DEFAULT ''; -- a JSON array as polls.Avoids names them; empty: nothing
