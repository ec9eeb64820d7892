package org.hanse.core.plan;

/**
 * What each site does in a round.
 *
 * @param epochs passes over the site's records, 1 to 1,000
 * @param batchSize records a step, 1 to 65,536
 * @param seed the job's seed: a site's training seed comes from (seed, site, round) alone
 */
public record LocalTraining(int epochs, int batchSize, LocalOptimizer optimizer, long seed) {
  public LocalTraining {
    Limits.inRange("epochs", epochs, 1, Limits.MAX_EPOCHS);
    Limits.inRange("batch size", batchSize, 1, Limits.MAX_BATCH_SIZE);
  }
}
