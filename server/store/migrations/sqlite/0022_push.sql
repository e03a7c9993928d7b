-- Who wants to be woken when there is something to answer, who was, and the pushes that wait to be sent.

-- +goose Up
CREATE TABLE subscriptions (
  id         TEXT NOT NULL PRIMARY KEY, -- sub_...
  respondent TEXT NOT NULL REFERENCES respondents (id),
  device     BLOB NOT NULL,             -- whose browser or app it is
  channel    TEXT NOT NULL,             -- pipeline.Channel
  target     TEXT NOT NULL UNIQUE,      -- the address or the token to which pushes go; whoever has it could send some
  key        BLOB NOT NULL,             -- of web: the browser's point on P-256, 65 bytes; else none
  auth       BLOB NOT NULL,             -- of web: 16 bytes; else none
  created_at BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX subscriptions_by_respondent ON subscriptions (respondent, created_at, id);

-- People who have or had a subscription: what they wish, and how they come when they are woken.
CREATE TABLE sleepers (
  respondent  TEXT NOT NULL PRIMARY KEY REFERENCES respondents (id),
  languages   TEXT NOT NULL,   -- a JSON array as polls.Languages returns it; empty: any
  types       TEXT NOT NULL,   -- a JSON array of polls.Type; empty: any
  least       BIGINT NOT NULL, -- what an answer must pay
  quiet_from  BIGINT NOT NULL, -- minutes after midnight in their zone
  quiet_until BIGINT NOT NULL, -- the same as quiet_from: never quiet
  zone        TEXT NOT NULL,   -- of IANA
  per_day     BIGINT NOT NULL,
  seen_at     BIGINT NOT NULL, -- their last request, to about a quarter of a minute; 0 before
  woken_at    BIGINT NOT NULL, -- the last time, 0 before
  day         BIGINT NOT NULL, -- of that in their zone, as days since 1970
  today       BIGINT NOT NULL, -- how often on that day
  wakes       BIGINT NOT NULL, -- how often in all
  came        BIGINT NOT NULL, -- to how many of these they came
  came_at     BIGINT NOT NULL, -- the last time, 0 before
  after_ms    BIGINT NOT NULL  -- how long they take to come, smoothed; 0 before
) WITHOUT ROWID;
CREATE INDEX sleepers_by_seen ON sleepers (seen_at, respondent);

-- What may lack people: a question, or a project with all of its questions.
CREATE TABLE wakings (
  subject TEXT NOT NULL PRIMARY KEY, -- q_... or prj_...
  next_at BIGINT NOT NULL,           -- when it is looked at again
  step    BIGINT NOT NULL            -- how often people were woken for it
) WITHOUT ROWID;
CREATE INDEX wakings_by_time ON wakings (next_at, subject);

CREATE TABLE wakes (
  id         TEXT NOT NULL PRIMARY KEY, -- wak_...
  subject    TEXT NOT NULL,
  respondent TEXT NOT NULL,
  round      BIGINT NOT NULL, -- 0 of a question; of a project the day, as days since 1970
  at         BIGINT NOT NULL,
  chance     BIGINT NOT NULL, -- that they come, as it was thought to be, in parts per million
  after_ms   BIGINT NOT NULL, -- by when half of those come who do, as it was thought to be
  opened_at  BIGINT NOT NULL, -- 0 before
  UNIQUE (subject, respondent, round)
) WITHOUT ROWID;
CREATE INDEX wakes_by_time ON wakes (at, id);

CREATE TABLE pushes (
  wake         TEXT NOT NULL,
  subscription TEXT NOT NULL,
  next_at      BIGINT NOT NULL, -- not sent before
  tries        BIGINT NOT NULL,
  PRIMARY KEY (wake, subscription)
) WITHOUT ROWID;
CREATE INDEX pushes_by_time ON pushes (next_at, wake, subscription);
CREATE INDEX pushes_by_subscription ON pushes (subscription);

CREATE TABLE push_days (
  day     BIGINT NOT NULL, -- since 1970, of UTC
  channel TEXT NOT NULL,   -- pipeline.Channel
  sent    BIGINT NOT NULL, -- tries
  taken   BIGINT NOT NULL, -- by the push service
  gone    BIGINT NOT NULL, -- to subscriptions that were no more
  failed  BIGINT NOT NULL, -- given up
  opened  BIGINT NOT NULL, -- tapped by a person
  PRIMARY KEY (day, channel)
) WITHOUT ROWID;
