-- All headers that an epoch was ever built with: a re-organisation may bring back one that was built anew since.

-- +goose Up
CREATE TABLE epoch_builds (
  epoch    BIGINT NOT NULL REFERENCES epochs (number),
  build    BIGINT NOT NULL, -- 1, 2, 3, ...
  spending BLOB NOT NULL,   -- as in epochs, and the next three
  verdicts BLOB NOT NULL,
  log_root BLOB NOT NULL,
  log_size BIGINT NOT NULL,
  requests TEXT NOT NULL,   -- numbers of those whose verdicts are in the tree, in its order, a JSON array
  PRIMARY KEY (epoch, build)
) WITHOUT ROWID;
INSERT INTO epoch_builds (epoch, build, spending, verdicts, log_root, log_size, requests)
  SELECT e.number, 1, e.spending, e.verdicts, e.log_root, e.log_size,
    (SELECT json_group_array(v.request) FROM (SELECT request FROM epoch_verdicts WHERE epoch = e.number ORDER BY position) v)
  FROM epochs e WHERE e.state <> 'planned';
