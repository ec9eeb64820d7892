package org.hanse.wire.value;

/**
 * One entry of a job's history.
 *
 * @param sequence from 1, without gaps
 * @param timeMillis milliseconds since 1970, UTC, by the coordinator's clock
 */
public record JobEventEntry(long sequence, long timeMillis, JobEventValue event) {}
