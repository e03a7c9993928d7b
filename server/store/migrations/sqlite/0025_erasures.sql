-- What somebody typed can be erased when their wallet asks for it. Nothing else of an answer ever changes.

-- +goose Up
CREATE TABLE erasures (
  respondent TEXT NOT NULL PRIMARY KEY REFERENCES respondents (id),
  said_at    BIGINT NOT NULL, -- the time of their newest polls.Erasure
  through    BIGINT NOT NULL, -- what they answered until then is erased when its question is closed
  signature  BLOB NOT NULL    -- the wallet's, of that statement, 65 bytes
) WITHOUT ROWID;

DROP TRIGGER answers_stay;
-- +goose StatementBegin
CREATE TRIGGER answers_stay BEFORE UPDATE ON answers
WHEN NOT (NEW.value = '' AND NEW.nonce = '' AND NEW.signature = x'' AND OLD.value <> ''
  AND EXISTS (SELECT 1 FROM erasures e WHERE e.respondent = OLD.respondent AND OLD.accepted_at <= e.through)
  AND NEW.question = OLD.question AND NEW.respondent = OLD.respondent AND NEW.id = OLD.id AND NEW.assignment = OLD.assignment
  AND NEW.device = OLD.device AND NEW.choice = OLD.choice AND NEW.client_ms = OLD.client_ms AND NEW.accepted_at = OLD.accepted_at
  AND NEW.hash = OLD.hash AND NEW.receipt = OLD.receipt AND NEW.leaf = OLD.leaf AND NEW.place = OLD.place)
BEGIN SELECT RAISE(ABORT, 'answers are never changed'); END;
-- +goose StatementEnd
