-- What somebody typed can be erased when their wallet asks for it. Nothing else of an answer ever changes.

-- +goose Up
CREATE TABLE erasures (
  respondent TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES respondents (id),
  said_at    BIGINT NOT NULL, -- the time of their newest polls.Erasure
  through    BIGINT NOT NULL, -- what they answered until then is erased when its question is closed
  signature  BYTEA NOT NULL   -- the wallet's, of that statement, 65 bytes
);

DROP TRIGGER answers_stay ON answers;
CREATE TRIGGER answers_remain BEFORE DELETE ON answers FOR EACH ROW EXECUTE FUNCTION refuse();
-- +goose StatementBegin
CREATE FUNCTION refuse_unless_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.value = '' AND NEW.nonce = '' AND length(NEW.signature) = 0 AND OLD.value <> ''
    AND EXISTS (SELECT 1 FROM erasures e WHERE e.respondent = OLD.respondent AND OLD.accepted_at <= e.through)
    AND (NEW.question, NEW.respondent, NEW.id, NEW.assignment, NEW.device, NEW.choice, NEW.client_ms, NEW.accepted_at, NEW.hash, NEW.receipt, NEW.leaf, NEW.place)
      = (OLD.question, OLD.respondent, OLD.id, OLD.assignment, OLD.device, OLD.choice, OLD.client_ms, OLD.accepted_at, OLD.hash, OLD.receipt, OLD.leaf, OLD.place)
  THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
-- +goose StatementEnd
CREATE TRIGGER answers_stay BEFORE UPDATE ON answers FOR EACH ROW EXECUTE FUNCTION refuse_unless_erased();
