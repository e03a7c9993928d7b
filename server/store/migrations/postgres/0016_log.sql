-- The public log: each commit's leaves have a place in it. What was recorded before comes first, in its order.

-- +goose Up
ALTER TABLE commits ADD COLUMN first BIGINT NOT NULL DEFAULT 0; -- index in the log of the first of its leaves; the next commit's is this and as many more
UPDATE commits SET first = x.first FROM (
  SELECT id, SUM(length(leaves) / 32) OVER (ORDER BY id) - length(leaves) / 32 AS first FROM commits
) x WHERE x.id = commits.id;
CREATE UNIQUE INDEX commits_by_first ON commits (first);

INSERT INTO cursors (name, value) VALUES ('log verdicts', 0), ('log epochs', 0);
