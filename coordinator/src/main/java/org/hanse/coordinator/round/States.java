package org.hanse.coordinator.round;

import java.time.Duration;
import java.time.Instant;
import org.hanse.core.plan.Fingerprint;

/** Copies of a state with one part replaced. */
final class States {
  private States() {}

  /** A site came or went. */
  static RoundState withPresence(RoundState state, Fingerprint site, Presence presence) {
    return with(state, state.attendance().change(site, a -> a.with(presence)));
  }

  static RoundState with(RoundState state, Attendance attendance) {
    return switch (state) {
      case RoundState.Pending p -> new RoundState.Pending(p.plan(), attendance, p.attempts());
      case RoundState.Recruiting r -> new RoundState.Recruiting(r.plan(), attendance, r.deadline());
      case RoundState.Training t ->
          new RoundState.Training(
              t.plan(), attendance, t.deadline(), t.nextAttempt(), t.lastAbort());
      case RoundState.InAttempt a -> with(a, attendance);
      case RoundState.Published p ->
          new RoundState.Published(p.plan(), attendance, p.attempt(), p.nextModelHash());
      case RoundState.Aborted a ->
          new RoundState.Aborted(a.plan(), attendance, a.reason(), a.spent());
    };
  }

  static RoundState.InAttempt with(RoundState.InAttempt state, Attendance attendance) {
    return switch (state) {
      case RoundState.Aggregating a ->
          new RoundState.Aggregating(a.plan(), attendance, a.attempt());
      case RoundState.Applying a -> new RoundState.Applying(a.plan(), attendance, a.attempt());
      case RoundState.Verifying a -> new RoundState.Verifying(a.plan(), attendance, a.attempt());
    };
  }

  static RoundState.InAttempt with(RoundState.InAttempt state, Attempt attempt) {
    return switch (state) {
      case RoundState.Aggregating a ->
          new RoundState.Aggregating(a.plan(), a.attendance(), attempt);
      case RoundState.Applying a -> new RoundState.Applying(a.plan(), a.attendance(), attempt);
      case RoundState.Verifying a -> new RoundState.Verifying(a.plan(), a.attendance(), attempt);
    };
  }

  /** Nobody has called yet, and what the round waits for is as far away as it was. */
  static RoundState restarted(RoundState state, RoundEvent.Restarted event) {
    Duration pause = Duration.between(event.stoppedAt(), event.at());
    Attendance attendance = state.attendance().unseen(event.at());
    return switch (state) {
      case RoundState.Recruiting r ->
          new RoundState.Recruiting(r.plan(), attendance, r.deadline().plus(pause));
      case RoundState.Training t ->
          new RoundState.Training(
              t.plan(), attendance, t.deadline().plus(pause), t.nextAttempt(), t.lastAbort());
      case RoundState.InAttempt a -> restarted(a, event);
      case RoundState.Pending p -> with(p, attendance);
      case RoundState.Published p -> with(p, attendance);
      case RoundState.Aborted a -> with(a, attendance);
    };
  }

  static RoundState.InAttempt restarted(RoundState.InAttempt state, RoundEvent.Restarted event) {
    Duration pause = Duration.between(event.stoppedAt(), event.at());
    Instant goneFrom = event.at().plus(state.plan().patience().lease());
    return with(
        with(state, state.attendance().unseen(event.at())), state.attempt().after(pause, goneFrom));
  }

  static RoundState.Recruiting with(RoundState.Recruiting state, Attendance attendance) {
    return new RoundState.Recruiting(state.plan(), attendance, state.deadline());
  }

  static RoundState.Training with(RoundState.Training state, Attendance attendance) {
    return new RoundState.Training(
        state.plan(), attendance, state.deadline(), state.nextAttempt(), state.lastAbort());
  }
}
