package org.hanse.coordinator.round;

import java.util.ArrayList;
import java.util.List;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.RoundId;
import org.hanse.core.secagg.DropReason;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.SiteRefusal;

/** Steps that change nothing but, at most, what a site has said. */
final class Replies {
  private Replies() {}

  static RoundStep nothing(RoundState state) {
    return new RoundStep(state, List.of());
  }

  static RoundStep reject(RoundState state, Fingerprint site, DropReason reason, String detail) {
    return reject(state, site, new Rejection.ByProtocol(reason), detail);
  }

  static RoundStep otherRound(RoundState state, Fingerprint site, RoundId named) {
    return reject(
        state,
        site,
        new Rejection.OtherRound(),
        "round " + named.round() + " was named, round " + state.plan().round().round() + " runs");
  }

  /** The step with {@code first} before its own effects. */
  static RoundStep join(List<RoundEffect> first, RoundStep step) {
    List<RoundEffect> effects = new ArrayList<>(first);
    effects.addAll(step.effects());
    return new RoundStep(step.next(), effects);
  }

  /**
   * A message of another round. A verdict on a round that has closed is welcome and changes
   * nothing: a slow site has done no wrong.
   */
  static RoundStep otherRound(RoundState state, RoundEvent.MessageReceived message) {
    RoundId named = message.attempt().round();
    return isVerdict(message) && named.round() < state.plan().round().round()
        ? nothing(state)
        : otherRound(state, message.site(), named);
  }

  private static boolean isVerdict(RoundEvent.MessageReceived message) {
    return message.message() instanceof FromSite.Verdict;
  }

  /** A message after the round's end. */
  static RoundStep late(RoundState state, RoundEvent.MessageReceived message) {
    if (!message.attempt().round().equals(state.plan().round())) {
      return otherRound(state, message);
    }
    return isVerdict(message)
        ? nothing(state)
        : reject(state, message.site(), DropReason.LATE, "the round is over");
  }

  static RoundStep lateTraining(RoundState state, RoundId round, Fingerprint site) {
    return round.equals(state.plan().round())
        ? reject(state, site, DropReason.LATE, "the round is over")
        : otherRound(state, site, round);
  }

  /**
   * Who sends M9 has spent the round, whether or not it was in time: it may join no other attempt.
   * So has who says that it did: its M9 was lost with its connection.
   */
  static Attendance noteRelease(Attendance attendance, RoundEvent.MessageReceived message) {
    boolean saysSo =
        message.message() instanceof FromSite.Withdrawal(SiteRefusal reason)
            && reason == SiteRefusal.ROUND_ALREADY_RELEASED;
    return saysSo || message.message() instanceof FromSite.Release
        ? attendance.change(message.site(), Attendee::asReleased)
        : attendance;
  }

  private static RoundStep reject(
      RoundState state, Fingerprint site, Rejection refusal, String detail) {
    return new RoundStep(state, List.of(new RoundEffect.Reject(site, refusal, detail)));
  }
}
