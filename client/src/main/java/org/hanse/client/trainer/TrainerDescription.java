package org.hanse.client.trainer;

/**
 * What trains here.
 *
 * @param engine name and version, for people
 * @param device what computes, for example {@code CPU}
 * @param threads that computations use
 */
public record TrainerDescription(String engine, String device, int threads) {}
