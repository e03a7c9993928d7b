-- Who answers so much alike that they are asked the same question last.

-- +goose Up
ALTER TABLE shares ADD COLUMN alike BIGINT NOT NULL DEFAULT 0; -- the number of their group in the family; 0 for most people
