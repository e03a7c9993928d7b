-- Stakes of those who own nodes, and cases about them.

-- +goose Up
ALTER TABLE jobs ADD COLUMN min_stake BIGINT NOT NULL DEFAULT 0; -- that the owner of a node must have at stake, in micro-units
CREATE INDEX jobs_that_ask_stakes ON jobs (min_stake) WHERE min_stake > 0 AND ((state = 'open' AND cut < total) OR (state IN ('open', 'done') AND waiting > 0));

-- Up to where a contract of stakes was looked at.
CREATE TABLE stake_looks (
  contract BYTEA NOT NULL PRIMARY KEY, -- 20 bytes
  block    BIGINT NOT NULL,
  hash     BYTEA NOT NULL              -- of the block
);

-- Stakes as the chain has them at that block.
CREATE TABLE stakes (
  staker    BYTEA NOT NULL PRIMARY KEY, -- the 20 bytes of the wallet's address
  staked    BIGINT NOT NULL, -- in micro-units, rounded down, and at most what 64 bits hold
  asked     BIGINT NOT NULL, -- the part that was asked back, rounded up
  counts    BIGINT NOT NULL, -- what stands for the owner's work
  ready_at  BIGINT NOT NULL, -- when what was asked back can be taken; 0 where nothing was
  open_case BIGINT NOT NULL  -- by which it is frozen; 0 when there is none
);
CREATE INDEX stakes_frozen ON stakes (staker) WHERE open_case > 0;

CREATE TABLE stake_cases (
  number   BIGINT NOT NULL PRIMARY KEY, -- 1, 2, 3, ... in the order in which they were prepared
  contract BYTEA NOT NULL,   -- 20 bytes
  job      TEXT COLLATE "C" NOT NULL,
  part     BIGINT NOT NULL, -- of which a check refuted a result
  owner    TEXT COLLATE "C" NOT NULL, -- whose result it was
  staker   BYTEA NOT NULL,   -- the owner's wallet
  evidence BYTEA NOT NULL,   -- tasknet/compute-evidence/v1 of the check
  amount   BIGINT NOT NULL, -- that is asked for, in micro-units
  harmed   BYTEA NOT NULL,   -- address of the organisation's; empty when it has none
  honest   BYTEA NOT NULL,   -- wallets of owners who were confirmed, 20 bytes each
  at       BIGINT NOT NULL, -- when it was prepared
  state    TEXT COLLATE "C" NOT NULL,   -- rewards.CaseState
  id       BIGINT NOT NULL, -- in the contract; 0 before
  until    BIGINT NOT NULL, -- when it ends by itself; 0 before
  taken    TEXT COLLATE "C" NOT NULL,   -- base units in decimal; empty unless it is slashed
  tx       BYTEA NOT NULL    -- that opened it, or closed it; empty before
);
CREATE UNIQUE INDEX stake_cases_by_result ON stake_cases (job, part, owner);
CREATE UNIQUE INDEX stake_cases_by_evidence ON stake_cases (staker, evidence);
CREATE INDEX stake_cases_by_owner ON stake_cases (owner, number);
CREATE INDEX stake_cases_by_id ON stake_cases (contract, id);
CREATE INDEX stake_cases_to_decide ON stake_cases (contract, number) WHERE state IN ('prepared', 'opened');
