-- Who had earned before there were newcomers is none, what waits of newcomers' pay does so by the hour in which it was
-- earned, and projects count what their struck answers cost.

-- +goose Up
-- A newcomer is somebody with a new wallet, of whom nothing is known. Who was paid at once for questions among golds, before
-- pay waited, is not: they worked under the rule of their time, their wallets are old, and nobody could make some in advance
-- for this. So they are proven, though no family names where; but for those whose answers weigh nothing by the newest snapshot
-- of a family: they have shown the opposite. Since pay waits, only who is proven is paid so: the others stay newcomers.
INSERT INTO proven (respondent, family, at)
  SELECT substr(e.account, 7), '', MAX(e.at) FROM entries e JOIN transactions t ON t.seq = e.seq JOIN questions q ON q.id = t.cause
  WHERE e.kind = 'settlement' AND e.account >= 'payee:' AND e.account < 'payee;'
    AND EXISTS (SELECT 1 FROM golds g WHERE g.scope = CASE WHEN q.project <> '' THEN q.project ELSE q.org END AND g.at <= e.at)
    AND NOT EXISTS (SELECT 1 FROM voids v JOIN families f ON f.snapshot = v.snapshot WHERE v.respondent = substr(e.account, 7))
  GROUP BY substr(e.account, 7)
  ON CONFLICT (respondent) DO NOTHING;

CREATE TABLE pending_by_hour (
  respondent TEXT NOT NULL,
  org        TEXT NOT NULL DEFAULT '', -- whose the questions of the family are
  family     TEXT NOT NULL, -- of the questions that it was earned by
  hour       BIGINT NOT NULL, -- of its settlements, since 1970
  amount     BIGINT NOT NULL,
  since      BIGINT NOT NULL, -- of the oldest of it
  PRIMARY KEY (respondent, family, hour)
) WITHOUT ROWID;
INSERT INTO pending_by_hour (respondent, org, family, hour, amount, since) SELECT respondent, org, family, since / 3600000000, amount, since FROM pending;
DROP TABLE pending;
ALTER TABLE pending_by_hour RENAME TO pending;
CREATE INDEX pending_by_family ON pending (family, respondent);
CREATE INDEX pending_by_age    ON pending (since, respondent, family);

ALTER TABLE project_progress ADD COLUMN forfeited BIGINT NOT NULL DEFAULT 0; -- to nobody, for struck answers
UPDATE project_progress SET forfeited = COALESCE((SELECT CAST(SUM(e.amount) AS BIGINT) FROM entries e JOIN transactions t ON t.seq = e.seq JOIN questions q ON q.id = t.cause
  WHERE e.account = 'commons:forfeits' AND e.kind = 'settlement' AND q.project = project_progress.project), 0);
