-- Questions of contracts, and their verdicts in headers of epochs.

-- +goose Up
CREATE TABLE requests (
  n          BIGINT NOT NULL PRIMARY KEY, -- 1, 2, 3, ... in the order in which they first came
  id         BYTEA NOT NULL,  -- the oracle's number of it, 32 bytes, which is the reference of its payment
  asker      BYTEA NOT NULL,  -- the contract that asks, 20 bytes
  org        TEXT COLLATE "C" NOT NULL REFERENCES orgs (id), -- whose money its payment is
  tx         BYTEA NOT NULL,  -- of the payment
  log_index  BIGINT NOT NULL, -- of the payment in it
  block      BIGINT NOT NULL,
  ask        TEXT COLLATE "C" NOT NULL,   -- rewards.Ask as JSON
  deadline   BIGINT NOT NULL, -- of the ask
  calls      BIGINT NOT NULL, -- 1 when the asker is to be called
  state      TEXT COLLATE "C" NOT NULL,   -- rewards.RequestState
  gone       BIGINT NOT NULL, -- 1 when the chain has it no more, 2 when its question was called off for that
  question   TEXT COLLATE "C" NOT NULL,   -- that people answer; empty before
  reason     TEXT COLLATE "C" NOT NULL,   -- why it was not put to people; empty when it was
  outcome    BIGINT NOT NULL, -- of the verdict, rewards.Outcome; 0 before, as the next three
  choice     BIGINT NOT NULL,
  confidence BIGINT NOT NULL, -- parts per million
  answers    BIGINT NOT NULL,
  record     BYTEA NOT NULL,  -- hash of the public record; empty before
  at         BIGINT NOT NULL, -- when the verdict was fixed; 0 before
  delivered  BIGINT NOT NULL, -- 1 when the asker took it
  tries      BIGINT NOT NULL, -- at bringing it
  next       BIGINT NOT NULL  -- when the next may be
);
CREATE UNIQUE INDEX requests_by_id ON requests (id);
CREATE INDEX requests_by_log ON requests (tx, log_index);
CREATE INDEX requests_by_state ON requests (state, n);

-- The verdicts in an epoch's tree, in its order.
CREATE TABLE epoch_verdicts (
  epoch    BIGINT NOT NULL,
  position BIGINT NOT NULL, -- 0, 1, 2, ...
  request  BIGINT NOT NULL REFERENCES requests (n),
  PRIMARY KEY (epoch, position)
);
CREATE INDEX epoch_verdicts_by_request ON epoch_verdicts (request, epoch);
