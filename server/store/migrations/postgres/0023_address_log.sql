-- Changes of payout addresses enter the public log.

-- +goose Up
INSERT INTO cursors (name, value) VALUES ('log address changes', 0);
