package org.hanse.coordinator.storage;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.hanse.core.plan.Hash;
import org.hanse.core.secagg.AbortReason;
import org.hanse.wire.value.JobEventValue.MetricMean;
import org.hanse.wire.value.WorkStage;

/**
 * A round as it was stored last.
 *
 * @param round from 1
 * @param base model that it started from
 * @param attempts ascending, without gaps from the first that came to a stage
 */
public record StoredRound(
    long round, Hash base, Instant openedAt, Outcome outcome, List<StoredAttempt> attempts) {
  public StoredRound {
    attempts = List.copyOf(attempts);
  }

  /** How it ended. */
  public sealed interface Outcome {
    record Open() implements Outcome {}

    /**
     * It brought a model.
     *
     * @param metrics in the manifest's order
     */
    record Published(int attempt, Hash model, int countedSites, List<MetricMean> metrics)
        implements Outcome {
      public Published {
        metrics = List.copyOf(metrics);
      }
    }

    record GivenUp(AbortReason reason) implements Outcome {}

    /** It stands still and opens anew. */
    record Paused() implements Outcome {}
  }

  /**
   * An attempt.
   *
   * @param stage the last that it came to
   * @param sites in that stage
   * @param aborted empty unless it was
   */
  public record StoredAttempt(
      int attempt, WorkStage stage, int sites, Optional<AbortReason> aborted) {}
}
