-- What was done with the record itself: copies that sides took, keys that were replaced, things that were erased. Folded from events.

CREATE TABLE custody (
  consultation TEXT NOT NULL REFERENCES consultations (id),
  seq          BIGINT NOT NULL,
  at           TEXT NOT NULL,
  party        TEXT NOT NULL,
  member       TEXT NOT NULL,
  type         TEXT NOT NULL,
  body         TEXT NOT NULL,
  PRIMARY KEY (consultation, seq)
);
