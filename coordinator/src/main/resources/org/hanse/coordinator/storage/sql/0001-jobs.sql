-- Portable between SQLite and PostgreSQL. ${blob} stands for the database's type of a run of bytes;
-- nothing else is substituted. Hashes and fingerprints are lower-case hexadecimal, times are seconds
-- since 1970 and nanoseconds within the second, constants of closed lists stand by name. A checksum
-- is the CRC-32C of the record beside it.

CREATE TABLE job (
  id TEXT NOT NULL PRIMARY KEY,
  position BIGINT NOT NULL UNIQUE,
  manifest ${blob} NOT NULL,
  plan_hash TEXT NOT NULL,
  owner TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT,
  round BIGINT NOT NULL,
  model TEXT NOT NULL,
  published_rounds BIGINT NOT NULL,
  discarded_rounds BIGINT NOT NULL,
  last_sequence BIGINT NOT NULL,
  changed_seconds BIGINT NOT NULL,
  changed_nanos BIGINT NOT NULL
);

CREATE TABLE convicted (
  job TEXT NOT NULL REFERENCES job (id) ON DELETE CASCADE,
  site TEXT NOT NULL,
  round BIGINT NOT NULL,
  PRIMARY KEY (job, site)
);

CREATE TABLE round (
  job TEXT NOT NULL REFERENCES job (id) ON DELETE CASCADE,
  number BIGINT NOT NULL,
  base TEXT NOT NULL,
  opened_seconds BIGINT NOT NULL,
  opened_nanos BIGINT NOT NULL,
  outcome TEXT NOT NULL,
  reason TEXT,
  attempt BIGINT,
  model TEXT,
  counted_sites BIGINT,
  PRIMARY KEY (job, number)
);

CREATE TABLE attempt (
  job TEXT NOT NULL,
  round BIGINT NOT NULL,
  number BIGINT NOT NULL,
  stage TEXT NOT NULL,
  sites BIGINT NOT NULL,
  aborted TEXT,
  PRIMARY KEY (job, round, number),
  FOREIGN KEY (job, round) REFERENCES round (job, number) ON DELETE CASCADE
);

CREATE TABLE metric (
  job TEXT NOT NULL,
  round BIGINT NOT NULL,
  position BIGINT NOT NULL,
  name TEXT NOT NULL,
  mean DOUBLE PRECISION NOT NULL,
  PRIMARY KEY (job, round, position),
  FOREIGN KEY (job, round) REFERENCES round (job, number) ON DELETE CASCADE
);

-- Of the newest round alone: position 0 holds its opening, the others the events of its machine.
CREATE TABLE journal_event (
  job TEXT NOT NULL,
  round BIGINT NOT NULL,
  position BIGINT NOT NULL,
  record ${blob} NOT NULL,
  checksum BIGINT NOT NULL,
  PRIMARY KEY (job, round, position),
  FOREIGN KEY (job, round) REFERENCES round (job, number) ON DELETE CASCADE
);

CREATE TABLE job_event (
  job TEXT NOT NULL REFERENCES job (id) ON DELETE CASCADE,
  sequence BIGINT NOT NULL,
  record ${blob} NOT NULL,
  checksum BIGINT NOT NULL,
  PRIMARY KEY (job, sequence)
);

CREATE TABLE model_use (
  job TEXT NOT NULL REFERENCES job (id) ON DELETE CASCADE,
  purpose TEXT NOT NULL,
  model TEXT NOT NULL,
  PRIMARY KEY (job, purpose)
);

CREATE TABLE site (
  id TEXT NOT NULL PRIMARY KEY,
  fingerprint TEXT NOT NULL,
  certificate ${blob} NOT NULL,
  not_after_seconds BIGINT NOT NULL,
  not_after_nanos BIGINT NOT NULL,
  seen_seconds BIGINT NOT NULL,
  seen_nanos BIGINT NOT NULL
);
