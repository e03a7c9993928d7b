-- Up to where contracts' questions were looked for: an oracle may be told to the server after contracts have asked it.

-- +goose Up
CREATE TABLE oracle_looks (
  oracle  BLOB NOT NULL PRIMARY KEY, -- 20 bytes
  through BIGINT NOT NULL            -- the newest block up to which its questions were among the events that were booked
) WITHOUT ROWID;
CREATE INDEX oracle_looks_by_through ON oracle_looks (through);
