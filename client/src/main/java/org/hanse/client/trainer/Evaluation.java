package org.hanse.client.trainer;

/**
 * A model's quality on a data set.
 *
 * @param loss mean cross-entropy in nats; NaN or infinite if the model's output is
 * @param accuracy share of records whose most probable class is right, 0 to 1
 * @param exampleCount records measured, at least 1
 */
public record Evaluation(double loss, double accuracy, long exampleCount) {}
