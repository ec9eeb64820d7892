package org.hanse.client.policy;

import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobManifest;

/**
 * A manifest as this site read it.
 *
 * @param planHash over the exact bytes that {@code manifest} was read from, computed at this site
 */
public record PlannedJob(JobManifest manifest, Hash planHash) {}
