-- The family of a question is told when it is asked, and not only by its verdict.

-- +goose Up
ALTER TABLE questions ADD COLUMN family TEXT COLLATE "C" NOT NULL DEFAULT ''; -- labeling.FamilyID; empty for one outside projects that was asked before
UPDATE questions SET family = project || '/' || CASE WHEN choices = 'null' THEN 0 ELSE json_array_length(choices::json) END WHERE project <> '';
