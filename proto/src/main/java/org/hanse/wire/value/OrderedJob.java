package org.hanse.wire.value;

import org.hanse.core.plan.JobId;

/**
 * A job that somebody wants paused, resumed or aborted.
 *
 * @param note in that person's words, 0 to 200 characters
 */
public record OrderedJob(JobId job, String note) {}
