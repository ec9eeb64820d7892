-- Who paused or aborted a job, since when it stands where it stands, and where its next round begins.

ALTER TABLE job ADD COLUMN ordered_by TEXT;

ALTER TABLE job ADD COLUMN note TEXT;

ALTER TABLE job ADD COLUMN since_seconds BIGINT NOT NULL DEFAULT 0;

ALTER TABLE job ADD COLUMN since_nanos BIGINT NOT NULL DEFAULT 0;

ALTER TABLE job ADD COLUMN priority TEXT NOT NULL DEFAULT 'NORMAL';

ALTER TABLE job ADD COLUMN pauses BIGINT NOT NULL DEFAULT 0;

ALTER TABLE job ADD COLUMN attempts_before_pause BIGINT NOT NULL DEFAULT 0;

UPDATE job SET since_seconds = changed_seconds, since_nanos = changed_nanos;
