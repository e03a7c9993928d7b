-- The vault with exits: requesters' accounts in it, what they did there, and headers of epochs.

-- +goose Up
CREATE TABLE vault_accounts (
  account   BLOB NOT NULL PRIMARY KEY, -- its key, 32 bytes
  owner     BLOB NOT NULL,             -- who may withdraw, 20 bytes
  reference BLOB NOT NULL,             -- whom deposits name, 32 bytes
  org       TEXT NOT NULL,             -- who spends it; empty when the reference names nobody
  since     BIGINT NOT NULL,           -- block of the first deposit
  position  BIGINT NOT NULL            -- 1, 2, 3, ... in the order of the first deposits
) WITHOUT ROWID;
CREATE UNIQUE INDEX vault_accounts_by_position ON vault_accounts (position);
CREATE INDEX vault_accounts_by_org ON vault_accounts (org, position);

CREATE TABLE vault_events (
  n         BIGINT NOT NULL PRIMARY KEY, -- 1, 2, 3, ... in the order in which they were booked
  tx        BLOB NOT NULL,   -- the transaction on the chain
  log_index BIGINT NOT NULL, -- the event in it
  kind      TEXT NOT NULL,   -- rewards.EventKind
  block     BIGINT NOT NULL,
  account   BLOB NOT NULL,   -- its key; empty for deposits into the first vault
  base      TEXT NOT NULL,   -- the sum in base units, decimal; empty when there is none
  org       TEXT NOT NULL,   -- who was credited or charged; empty for nobody
  amount    BIGINT NOT NULL, -- with how much
  seq       BIGINT NOT NULL, -- of the ledger's transaction that books it; 0 when no money moved
  undone    BIGINT NOT NULL  -- 1 when the chain has it no more
) WITHOUT ROWID;
CREATE INDEX vault_events_by_log ON vault_events (tx, log_index, undone);
CREATE INDEX vault_events_by_org ON vault_events (org, n);
CREATE INDEX vault_events_by_account ON vault_events (account, n);
CREATE INDEX vault_events_by_block ON vault_events (block, log_index);
CREATE INDEX vault_events_of_notices ON vault_events (org) WHERE kind IN ('notice', 'cancel');
INSERT INTO vault_events (n, tx, log_index, kind, block, account, base, org, amount, seq, undone)
  SELECT ROW_NUMBER() OVER (ORDER BY seq), tx, log_index, 'deposit', block, X'', base, org, amount, seq, 0 FROM deposits;
DROP TABLE deposits;

-- What a requester has spent and the vault has no more is owed.
CREATE TABLE accounts_owing (
  account TEXT NOT NULL PRIMARY KEY,
  balance BIGINT NOT NULL CHECK (balance >= 0 OR account = 'chain:deposits' OR account LIKE 'debt:%'),
  payer   TEXT NOT NULL
) WITHOUT ROWID;
INSERT INTO accounts_owing (account, balance, payer) SELECT account, balance, payer FROM accounts;
DROP TABLE accounts;
ALTER TABLE accounts_owing RENAME TO accounts;
CREATE INDEX accounts_by_payer ON accounts (payer, balance) WHERE payer <> '';

-- Blocks up to which events were booked; a few of the newest.
CREATE TABLE vault_looks (
  block BIGINT NOT NULL PRIMARY KEY,
  hash  BLOB NOT NULL
) WITHOUT ROWID;
DELETE FROM cursors WHERE name = 'deposits';

-- What accounts had by an epoch: a row where it differs from the epoch before.
CREATE TABLE spending (
  epoch     BIGINT NOT NULL REFERENCES epochs (number),
  account   BLOB NOT NULL REFERENCES vault_accounts (account),
  deposited BIGINT NOT NULL,
  withdrawn BIGINT NOT NULL,
  spent     BIGINT NOT NULL, -- in all
  PRIMARY KEY (account, epoch)
) WITHOUT ROWID;

-- Of epochs before there were headers these are empty and zero.
ALTER TABLE epochs ADD COLUMN spent BIGINT NOT NULL DEFAULT 0;   -- the sum of what accounts have spent
ALTER TABLE epochs ADD COLUMN through BIGINT NOT NULL DEFAULT 0; -- the block up to which events were booked
ALTER TABLE epochs ADD COLUMN spending BLOB NOT NULL DEFAULT X''; -- root over what accounts have spent
ALTER TABLE epochs ADD COLUMN verdicts BLOB NOT NULL DEFAULT X''; -- root over verdicts that contracts wait for
ALTER TABLE epochs ADD COLUMN log_root BLOB NOT NULL DEFAULT X''; -- of the public log
ALTER TABLE epochs ADD COLUMN log_size BIGINT NOT NULL DEFAULT 0;
