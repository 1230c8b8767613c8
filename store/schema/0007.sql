-- What the public may read: each side's account as it was published, with its corrections and the note that the side signed.

CREATE TABLE readouts (
  consultation TEXT NOT NULL REFERENCES consultations (id),
  party        TEXT NOT NULL,
  at           TEXT NOT NULL,
  body         TEXT NOT NULL, -- JSON of meeting.Publication
  note         TEXT NOT NULL,
  PRIMARY KEY (consultation, party)
);
CREATE INDEX readouts_at ON readouts (at);

-- When the clock must look whether something is to be published: an embargo (party empty), or a side that announced its own moment.
CREATE TABLE readout_moments (
  consultation TEXT NOT NULL REFERENCES consultations (id),
  party        TEXT NOT NULL,
  at           TEXT NOT NULL,
  PRIMARY KEY (consultation, party)
);
CREATE INDEX readout_moments_at ON readout_moments (at);
