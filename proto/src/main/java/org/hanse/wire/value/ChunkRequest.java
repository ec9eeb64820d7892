package org.hanse.wire.value;

import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Fingerprint;

/**
 * A chunk of a survivor's upload is asked for.
 *
 * @param index from 0
 */
public record ChunkRequest(AttemptId attempt, Fingerprint site, long index) {}
