-- A person's pay can go to another address from a moment on. They are one payee for each address.

-- +goose Up
ALTER TABLE payees ADD COLUMN person TEXT NOT NULL DEFAULT ''; -- who this is; the first of a person's payees has their id
UPDATE payees SET person = payee;
CREATE INDEX payees_by_person ON payees (person, payee);
CREATE UNIQUE INDEX payees_by_address ON payees (address); -- the vault pays each address one cumulative sum

CREATE TABLE address_changes (
  seq          BIGINT NOT NULL PRIMARY KEY, -- 1, 2, 3, ... in the order in which they were saved
  person       TEXT NOT NULL,
  number       BIGINT NOT NULL, -- 1, 2, 3, ... of the person's
  wallet       BLOB NOT NULL,   -- who signed, 20 bytes
  address      BLOB NOT NULL,   -- where pay goes, 20 bytes
  payee        TEXT NOT NULL,   -- who the person is there
  signature    BLOB NOT NULL,   -- the wallet's, 65 bytes
  proof        BLOB NOT NULL,   -- the new address's, 65 bytes or none
  at           BIGINT NOT NULL,
  effective_at BIGINT NOT NULL, -- epochs that are planned from then on pay there
  cancelled_at BIGINT NOT NULL, -- 0 for most
  UNIQUE (person, number)
) WITHOUT ROWID;
