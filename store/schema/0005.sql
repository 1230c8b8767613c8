-- The library: documents of the sides, where they were shared, who read them. The content stands beside the database, by its hash.

CREATE TABLE documents (
  id        TEXT PRIMARY KEY,
  party     TEXT NOT NULL,
  hash      TEXT NOT NULL, -- SHA-256
  size      BIGINT NOT NULL,
  added     TEXT NOT NULL,
  withdrawn TEXT NOT NULL,
  erased    TEXT NOT NULL,
  body      TEXT NOT NULL -- JSON of record.Document
);
CREATE INDEX documents_of ON documents (party);
CREATE INDEX documents_with ON documents (hash);

CREATE TABLE document_readers (
  document TEXT NOT NULL REFERENCES documents (id),
  party    TEXT NOT NULL,
  PRIMARY KEY (party, document)
);

-- Folded from the events of consultations.
CREATE TABLE document_places (
  document     TEXT NOT NULL,
  consultation TEXT NOT NULL REFERENCES consultations (id),
  item         TEXT NOT NULL, -- of the agenda; empty: of the whole
  everyone     INTEGER NOT NULL, -- 1: all parties of the consultation read it; 0: the own side
  PRIMARY KEY (consultation, document)
);
CREATE INDEX document_places_of ON document_places (document);

CREATE TABLE readings (
  document TEXT NOT NULL REFERENCES documents (id),
  reader   TEXT NOT NULL, -- party/person
  day      TEXT NOT NULL, -- YYYY-MM-DD in UTC
  name     TEXT NOT NULL,
  at       TEXT NOT NULL,
  times    BIGINT NOT NULL,
  PRIMARY KEY (document, reader, day)
);

-- What was taken out of a document, and below position 0 its title and description. It is found in passage_keys, 2 to the 40th below its passage.
CREATE TABLE document_texts (
  document TEXT NOT NULL REFERENCES documents (id),
  position BIGINT NOT NULL,
  page     BIGINT NOT NULL, -- from 1; 0: there are none
  passage  BIGINT NOT NULL UNIQUE, -- from 1
  language TEXT NOT NULL, -- of a title or description; otherwise empty
  text     TEXT NOT NULL,
  PRIMARY KEY (document, position)
);
