-- Search: what was said and written, and the keys by which it is found (record.Keys). The keys' table holds no text.

CREATE TABLE passages (
  id           INTEGER PRIMARY KEY,
  consultation TEXT NOT NULL REFERENCES consultations (id),
  kind         TEXT NOT NULL, -- title, agenda, chat
  seq          BIGINT NOT NULL, -- of the event
  language     TEXT NOT NULL, -- empty: not known
  party        TEXT NOT NULL, -- whose it is
  at           TEXT NOT NULL,
  text         TEXT NOT NULL
);
CREATE INDEX passages_of ON passages (consultation, kind, seq);

CREATE VIRTUAL TABLE passage_keys USING fts5 (exact, keys, readers, content = '', contentless_delete = 1, prefix = '3',
  tokenize = "unicode61 remove_diacritics 0");
