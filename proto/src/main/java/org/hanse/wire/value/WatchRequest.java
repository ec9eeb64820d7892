package org.hanse.wire.value;

import org.hanse.core.plan.JobId;

/**
 * Asks for a job's history.
 *
 * @param fromSequence first event wanted, from 1
 */
public record WatchRequest(JobId job, long fromSequence) {}
