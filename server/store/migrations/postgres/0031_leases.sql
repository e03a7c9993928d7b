-- Who is given work, and what is handed in, looks at fewer rows: leases that run are found by their job, and what a job reads
-- stands beside its work.

-- +goose Up
CREATE INDEX leases_that_run_by_job ON leases (job, id) WHERE state = 'running';

ALTER TABLE jobs ADD COLUMN inputs TEXT NOT NULL DEFAULT ''; -- compute.JobFile, a JSON array: those of the work
UPDATE jobs SET inputs = convert_from(work, 'UTF8')::json ->> 'inputs';
