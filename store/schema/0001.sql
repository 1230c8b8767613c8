-- Times are RFC 3339 texts in UTC with nine digits; an empty one is "never". Secrets are here as SHA-256 only, but for the node's key.

CREATE TABLE settings (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

CREATE TABLE parties (
  id   TEXT PRIMARY KEY,
  body TEXT NOT NULL -- JSON of meeting.Party
);

CREATE TABLE secretaries (
  id       TEXT PRIMARY KEY, -- party/person
  party    TEXT NOT NULL REFERENCES parties (id),
  name     TEXT NOT NULL,
  language TEXT NOT NULL,
  handle   TEXT NOT NULL UNIQUE,
  ended    TEXT NOT NULL
);

-- Consultations: what belongs to all sides, folded from the events for lists.
CREATE TABLE consultations (
  id        TEXT PRIMARY KEY,
  seq       BIGINT NOT NULL, -- of the last event stored
  starts_at TEXT NOT NULL,
  cancelled TEXT NOT NULL, -- JSON of meeting.Cancellation, or empty
  version   INTEGER NOT NULL,
  convened  TEXT NOT NULL,
  joint     TEXT NOT NULL,
  agreed    TEXT NOT NULL
);

CREATE TABLE consultation_parties (
  consultation TEXT NOT NULL REFERENCES consultations (id),
  party        TEXT NOT NULL,
  PRIMARY KEY (party, consultation)
);

CREATE TABLE events (
  consultation TEXT NOT NULL REFERENCES consultations (id),
  seq          BIGINT NOT NULL,
  at           TEXT NOT NULL,
  party        TEXT NOT NULL,
  member       TEXT NOT NULL, -- who did it
  type         TEXT NOT NULL,
  body         TEXT NOT NULL,
  PRIMARY KEY (consultation, seq)
);

CREATE TABLE invitations (
  id           TEXT PRIMARY KEY,
  seat         TEXT NOT NULL UNIQUE,
  consultation TEXT NOT NULL REFERENCES consultations (id),
  party        TEXT NOT NULL,
  member       TEXT NOT NULL,
  desk         INTEGER NOT NULL, -- 1: made by entering from the desk
  issued       TEXT NOT NULL,
  expires      TEXT NOT NULL,
  opened       TEXT NOT NULL,
  revoked      TEXT NOT NULL
);
CREATE INDEX invitations_of ON invitations (consultation, party, member);

CREATE TABLE sessions (
  id      TEXT PRIMARY KEY, -- SHA-256 of the cookie
  kind    TEXT NOT NULL,
  owner   TEXT NOT NULL,
  created TEXT NOT NULL,
  used    TEXT NOT NULL,
  expires TEXT NOT NULL,
  ended   TEXT NOT NULL
);
CREATE INDEX sessions_of ON sessions (owner);

CREATE TABLE sign_ins (
  id        TEXT PRIMARY KEY, -- SHA-256 of what the link carries
  secretary TEXT NOT NULL REFERENCES secretaries (id),
  expires   TEXT NOT NULL,
  used      TEXT NOT NULL
);

CREATE TABLE passkeys (
  id         TEXT PRIMARY KEY,
  secretary  TEXT NOT NULL REFERENCES secretaries (id),
  credential TEXT NOT NULL,
  added      TEXT NOT NULL,
  last_use   TEXT NOT NULL
);
CREATE INDEX passkeys_of ON passkeys (secretary);
