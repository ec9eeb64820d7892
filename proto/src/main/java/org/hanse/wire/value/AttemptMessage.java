package org.hanse.wire.value;

import org.hanse.core.plan.AttemptId;
import org.hanse.core.secagg.FromSite;

/** A site's protocol message and the attempt it belongs to. */
public record AttemptMessage(AttemptId attempt, FromSite message) {}
