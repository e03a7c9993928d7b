-- Which skill snapshot weighs a question's answers is decided when somebody first gets it, not when it is asked.

-- +goose Up
ALTER TABLE progress ADD COLUMN skills TEXT COLLATE "C" NOT NULL DEFAULT ''; -- the hash of a snapshot; empty before the first lease, and when answers are values
UPDATE progress SET skills = (SELECT q.snapshot FROM questions q WHERE q.id = progress.question)
  WHERE EXISTS (SELECT 1 FROM assignments a WHERE a.question = progress.question);
