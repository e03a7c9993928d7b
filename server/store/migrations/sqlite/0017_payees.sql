-- A person says how small a payout may be.

-- +goose Up
ALTER TABLE payees ADD COLUMN least BIGINT NOT NULL DEFAULT 0; -- pay under it enters no epoch
