-- Golds are given out at a rate of their own.

-- +goose Up
ALTER TABLE golds ADD COLUMN scope TEXT COLLATE "C" NOT NULL DEFAULT ''; -- among what it is hidden: the question's project, or its organisation
UPDATE golds SET scope = (SELECT CASE WHEN q.project <> '' THEN q.project ELSE q.org END FROM questions q WHERE q.id = golds.question);
CREATE INDEX golds_hidden ON golds (scope, question) WHERE state = 'hidden';
