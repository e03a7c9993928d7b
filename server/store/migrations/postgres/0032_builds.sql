-- All headers that an epoch was ever built with: a re-organisation may bring back one that was built anew since.

-- +goose Up
CREATE TABLE epoch_builds (
  epoch    BIGINT NOT NULL REFERENCES epochs (number),
  build    BIGINT NOT NULL, -- 1, 2, 3, ...
  spending BYTEA NOT NULL,  -- as in epochs, and the next three
  verdicts BYTEA NOT NULL,
  log_root BYTEA NOT NULL,
  log_size BIGINT NOT NULL,
  requests TEXT COLLATE "C" NOT NULL, -- numbers of those whose verdicts are in the tree, in its order, a JSON array
  PRIMARY KEY (epoch, build)
);
INSERT INTO epoch_builds (epoch, build, spending, verdicts, log_root, log_size, requests)
  SELECT e.number, 1, e.spending, e.verdicts, e.log_root, e.log_size,
    COALESCE((SELECT json_agg(v.request ORDER BY v.position) FROM epoch_verdicts v WHERE v.epoch = e.number), '[]'::json)::text
  FROM epochs e WHERE e.state <> 'planned';
