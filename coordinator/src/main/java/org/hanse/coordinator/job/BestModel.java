package org.hanse.coordinator.job;

import org.hanse.core.plan.Hash;

/**
 * The best of a job's models that a round has measured so far.
 *
 * @param publishedRounds that made it, 0 for the initial model
 * @param value of the selecting metric, finite
 */
public record BestModel(Hash model, long publishedRounds, double value) {}
