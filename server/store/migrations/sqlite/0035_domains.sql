-- Which work nodes take, and how far apart those are who check each other.

-- +goose Up
ALTER TABLE nodes ADD COLUMN choice TEXT NOT NULL DEFAULT ''; -- compute.Choice as JSON; empty: all work
ALTER TABLE nodes ADD COLUMN domain TEXT NOT NULL DEFAULT ''; -- a keyed hash of the network in which it last asked for work; empty before

ALTER TABLE leases ADD COLUMN domain TEXT NOT NULL DEFAULT ''; -- of the node when it was given, until the job is settled; empty: not known
CREATE INDEX leases_by_owner ON leases (owner, id); -- for who asks what is kept of them, or has it erased

ALTER TABLE parts ADD COLUMN drawn TEXT NOT NULL DEFAULT ''; -- owners who may do it before others, one after the other, a space behind each
ALTER TABLE parts ADD COLUMN drawn_at BIGINT NOT NULL DEFAULT 0; -- from when on the first of them may
ALTER TABLE parts ADD COLUMN apart_at BIGINT NOT NULL DEFAULT 0; -- from when on nodes may that are in the domain of another copy; 0: at once

ALTER TABLE checks ADD COLUMN networks BIGINT NOT NULL DEFAULT 0; -- that the results came from; 0: not known
