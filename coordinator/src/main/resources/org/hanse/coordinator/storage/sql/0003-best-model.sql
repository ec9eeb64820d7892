-- The best model that a round has measured so far, where the job selects one.

ALTER TABLE job ADD COLUMN best_model TEXT;

ALTER TABLE job ADD COLUMN best_rounds BIGINT;

ALTER TABLE job ADD COLUMN best_value DOUBLE PRECISION;
