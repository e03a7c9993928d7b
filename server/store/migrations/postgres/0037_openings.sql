-- What is looked for first when a node asks for work, what opens by time, and how fast nodes are.

-- +goose Up
DROP INDEX jobs_that_wait;
CREATE INDEX jobs_that_wait ON jobs (org, importance DESC, (CAST(price AS DOUBLE PRECISION) / (CAST(total AS DOUBLE PRECISION) * each)) DESC, id)
  WHERE (state = 'open' AND cut < total) OR (state IN ('open', 'done') AND waiting > 0);
CREATE INDEX parts_drawn ON parts (drawn_at) WHERE state = 'waiting' AND drawn_at > 0;
CREATE INDEX parts_apart ON parts (apart_at) WHERE state = 'waiting' AND apart_at > 0;
CREATE INDEX parts_paused ON parts (next_at) WHERE state = 'waiting' AND next_at > 0;
ALTER TABLE nodes ADD COLUMN pace BIGINT NOT NULL DEFAULT 1000000; -- how fast it did its parts lately against what its rate promised, in millionths
