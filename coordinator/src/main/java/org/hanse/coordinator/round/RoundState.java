package org.hanse.coordinator.round;

import java.time.Instant;
import java.util.Optional;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Hash;
import org.hanse.core.secagg.AbortReason;

/**
 * Where a round stands: {@code Recruiting -> Training -> Aggregating -> Applying -> Verifying ->
 * Published}, from any to {@code Aborted}, and back to {@code Pending} while nobody has released.
 * An aborted attempt is followed by the next one, or by {@code Training} again where sites that
 * could come back are missing.
 */
public sealed interface RoundState {
  RoundPlan plan();

  Attendance attendance();

  /** Whether sites take part, so that there is something to wait for. */
  default boolean isOpen() {
    return switch (this) {
      case Pending p -> false;
      case Published p -> false;
      case Aborted a -> false;
      case Recruiting r -> true;
      case Training t -> true;
      case InAttempt a -> true;
    };
  }

  /**
   * Not open: the job waits for its turn, or for somebody to resume it.
   *
   * @param attempts of this round that were opened before
   */
  record Pending(RoundPlan plan, Attendance attendance, int attempts) implements RoundState {}

  /** Waiting until enough members are connected. */
  record Recruiting(RoundPlan plan, Attendance attendance, Instant deadline)
      implements RoundState {}

  /**
   * Waiting until enough members are ready.
   *
   * @param nextAttempt the attempt to open then
   * @param lastAbort how the attempt before ended; empty before the first
   */
  record Training(
      RoundPlan plan,
      Attendance attendance,
      Instant deadline,
      int nextAttempt,
      Optional<AbortReason> lastAbort)
      implements RoundState {}

  /** An attempt runs. */
  sealed interface InAttempt extends RoundState {
    Attempt attempt();
  }

  /** M0 to M9. */
  record Aggregating(RoundPlan plan, Attendance attendance, Attempt attempt) implements InAttempt {}

  /** The coordinator unmasks the sum and applies it. */
  record Applying(RoundPlan plan, Attendance attendance, Attempt attempt) implements InAttempt {}

  /** M10 and M11. */
  record Verifying(RoundPlan plan, Attendance attendance, Attempt attempt) implements InAttempt {}

  /** Over, with a new model. */
  record Published(RoundPlan plan, Attendance attendance, AttemptId attempt, Hash nextModelHash)
      implements RoundState {}

  /** Over, without. */
  record Aborted(RoundPlan plan, Attendance attendance, AbortReason reason, boolean spent)
      implements RoundState {}
}
