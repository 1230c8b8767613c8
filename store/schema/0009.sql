-- The glossary, folded from the events about terms, and the keys of their names (record.NameKeys), by which a search joins them.

CREATE TABLE terms (
  consultation TEXT NOT NULL REFERENCES consultations (id),
  id           TEXT NOT NULL,
  party        TEXT NOT NULL, -- that wrote it first
  everyone     INTEGER NOT NULL, -- 1: all parties of the consultation read it; 0: the own side
  seq          BIGINT NOT NULL, -- of the last event about it
  body         TEXT NOT NULL, -- JSON of meeting.Term
  PRIMARY KEY (consultation, id)
);

CREATE TABLE term_keys (
  key          TEXT NOT NULL,
  consultation TEXT NOT NULL,
  term         TEXT NOT NULL,
  PRIMARY KEY (key, consultation, term),
  FOREIGN KEY (consultation, term) REFERENCES terms (consultation, id)
);
CREATE INDEX term_keys_of ON term_keys (consultation, term);
