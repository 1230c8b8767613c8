-- Agreements, folded from the events about them, for lists across consultations; what the desk needs to follow them.

CREATE TABLE agreements (
  consultation TEXT NOT NULL REFERENCES consultations (id),
  id           TEXT NOT NULL,
  seq          BIGINT NOT NULL, -- of the last event about it
  body         TEXT NOT NULL, -- JSON of meeting.Agreement
  PRIMARY KEY (consultation, id)
);

-- The days on which a party rests, and those moved: JSON of meeting.RestDays.
CREATE TABLE rest_days (
  party TEXT PRIMARY KEY REFERENCES parties (id),
  body  TEXT NOT NULL
);

-- Where a secretary is reminded.
CREATE TABLE reminded (
  secretary TEXT PRIMARY KEY REFERENCES secretaries (id),
  address   TEXT NOT NULL,
  wanted    INTEGER NOT NULL -- 1: mail is sent
);

-- What a secretary was reminded of, so that it is said once.
CREATE TABLE reminders (
  secretary    TEXT NOT NULL REFERENCES secretaries (id),
  consultation TEXT NOT NULL,
  agreement    TEXT NOT NULL,
  milestone    TEXT NOT NULL,
  due          TEXT NOT NULL,
  stage        TEXT NOT NULL,
  sent         TEXT NOT NULL,
  PRIMARY KEY (secretary, consultation, agreement, milestone, due, stage)
);
