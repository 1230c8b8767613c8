-- The log: an entry for every event, in the same transaction. Keys of parties are here locked; the secret is in astara.key beside the database.

CREATE TABLE party_keys (
  party   TEXT PRIMARY KEY,
  public  TEXT NOT NULL, -- in the form of signed notes
  private TEXT NOT NULL  -- locked
);

CREATE TABLE entries (
  consultation TEXT NOT NULL REFERENCES consultations (id),
  number       BIGINT NOT NULL, -- from 0
  seq          BIGINT NOT NULL, -- of its event
  salt         TEXT NOT NULL, -- base64; empty once the event's body is erased
  note         TEXT NOT NULL,
  PRIMARY KEY (consultation, number),
  UNIQUE (consultation, seq),
  FOREIGN KEY (consultation, seq) REFERENCES events (consultation, seq)
);

CREATE TABLE entry_hashes (
  consultation TEXT NOT NULL REFERENCES consultations (id),
  position     BIGINT NOT NULL, -- in the order in which the tree grows
  hash         TEXT NOT NULL, -- base64
  PRIMARY KEY (consultation, position)
);

CREATE TABLE checkpoints (
  consultation TEXT PRIMARY KEY REFERENCES consultations (id),
  size         BIGINT NOT NULL,
  note         TEXT NOT NULL
);
