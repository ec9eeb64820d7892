package org.hanse.coordinator.storage;

import java.time.Instant;
import org.hanse.coordinator.job.JobDescription;
import org.hanse.coordinator.job.JobProgress;
import org.hanse.wire.value.JobStanding;

/**
 * A job as it was stored last.
 *
 * @param progress without the proof of adoption, which stands in the journal
 * @param since when it came to this standing
 * @param lastSequence of its history; 0 if that is empty
 * @param changedAt by the coordinator's clock
 */
public record StoredJob(
    JobDescription description,
    JobStanding standing,
    Instant since,
    JobProgress progress,
    long lastSequence,
    Instant changedAt) {}
