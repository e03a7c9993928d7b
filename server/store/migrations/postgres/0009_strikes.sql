-- Answers that do not count: gold had proven, by when their question was about to close, that they are worth nothing.

-- +goose Up
CREATE TABLE strikes (
  question   TEXT COLLATE "C" NOT NULL REFERENCES questions (id),
  respondent TEXT COLLATE "C" NOT NULL,
  snapshot   TEXT COLLATE "C" NOT NULL,   -- the hash of the one that proves it
  answers    BIGINT NOT NULL, -- accepted until then
  counted    BIGINT NOT NULL, -- of these, those that counted until then
  at         BIGINT NOT NULL,
  PRIMARY KEY (question, respondent)
);
ALTER TABLE progress ADD COLUMN struck BIGINT NOT NULL DEFAULT 0; -- of its answers, those that do not count
CREATE TRIGGER strikes_stay BEFORE UPDATE OR DELETE ON strikes FOR EACH ROW EXECUTE FUNCTION refuse();
