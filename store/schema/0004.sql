-- Who may find a passage, as in the index, which SQLite cannot read back.
ALTER TABLE passages ADD COLUMN readers TEXT NOT NULL DEFAULT '';
