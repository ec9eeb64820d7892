package org.hanse.wire.value;

import org.hanse.core.plan.RoundId;

/** A site's training report and the round it belongs to. */
public record RoundReport(RoundId round, TrainingReport report) {}
