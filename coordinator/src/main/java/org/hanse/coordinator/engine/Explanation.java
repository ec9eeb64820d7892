package org.hanse.coordinator.engine;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.hanse.coordinator.job.Turns;
import org.hanse.coordinator.round.Attendee;
import org.hanse.coordinator.round.Presence;
import org.hanse.coordinator.round.RoundState;
import org.hanse.coordinator.round.Standing;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.JobId;
import org.hanse.core.secagg.coordinator.AggregationState;
import org.hanse.wire.value.JobExplanation;
import org.hanse.wire.value.JobExplanation.SiteStanding;
import org.hanse.wire.value.JobStanding;
import org.hanse.wire.value.JobSummary;

/** What a job waits for, site by site, and what happens when the time is up. */
final class Explanation {
  private Explanation() {}

  /**
   * @param pausedUntil when a paused job fails
   */
  static JobExplanation of(
      JobSummary summary,
      RoundState round,
      Optional<Turns.Obstacle> obstacle,
      Optional<Instant> pausedUntil) {
    return switch (round) {
      case RoundState.Recruiting r ->
          waiting(
              summary,
              Optional.of(r.deadline()),
              "the job ends, unless at least %d sites are connected by then"
                  .formatted(r.plan().cohort().minimumRoster()),
              members(r));
      case RoundState.Training t ->
          waiting(
              summary,
              Optional.of(t.deadline()),
              "the round goes on with those that are ready, if they are at least %d; else the job"
                      .formatted(t.plan().cohort().minimumRoster())
                  + " ends",
              members(t));
      case RoundState.Applying a ->
          waiting(
              summary,
              a.attempt().stepDeadline(),
              "the job ends: the coordinator could not add the updates",
              List.of());
      case RoundState.InAttempt a ->
          waiting(
              summary,
              a.attempt().stepDeadline(),
              "the attempt goes on without those that have not answered, if enough are left",
              members(a));
      case RoundState.Pending p -> between(summary, obstacle, pausedUntil);
      case RoundState.Published p -> between(summary, obstacle, pausedUntil);
      case RoundState.Aborted a -> between(summary, obstacle, pausedUntil);
    };
  }

  private static JobExplanation waiting(
      JobSummary summary, Optional<Instant> until, String then, List<SiteStanding> sites) {
    return new JobExplanation(summary, until.map(Instant::toEpochMilli), then, sites, List.of());
  }

  private static JobExplanation between(
      JobSummary summary, Optional<Turns.Obstacle> obstacle, Optional<Instant> pausedUntil) {
    JobStanding standing = summary.standing();
    List<JobId> jobs =
        standing.paused()
            ? List.of()
            : obstacle.map(found -> List.copyOf(found.jobs())).orElse(List.of());
    return new JobExplanation(
        summary,
        pausedUntil.filter(time -> standing.paused()).map(Instant::toEpochMilli),
        standing.paused() ? "the job fails, unless somebody resumes it" : "",
        List.of(),
        jobs);
  }

  private static List<SiteStanding> members(RoundState state) {
    List<SiteStanding> sites = new ArrayList<>();
    state
        .attendance()
        .members()
        .forEach((member, attendee) ->
            sites.add(
                new SiteStanding(
                    state.plan().siteOf(member),
                    standing(state, member, attendee),
                    awaySince(attendee.presence()).map(Instant::toEpochMilli))));
    return sites;
  }

  private static JobExplanation.Standing standing(
      RoundState state, Fingerprint member, Attendee attendee) {
    return switch (attendee.standing()) {
      case Standing.Convicted convicted -> JobExplanation.Standing.CONVICTED;
      case Standing.Out out -> JobExplanation.Standing.OUT;
      case Standing.Expected expected ->
          state instanceof RoundState.InAttempt
              ? JobExplanation.Standing.LEFT_OUT
              : JobExplanation.Standing.EXPECTED;
      case Standing.Ready ready ->
          state instanceof RoundState.InAttempt attempt
              ? inAttempt(attempt.attempt().aggregation(), member)
              : JobExplanation.Standing.READY;
    };
  }

  private static JobExplanation.Standing inAttempt(
      AggregationState aggregation, Fingerprint member) {
    if (aggregation.awaited().contains(member)) {
      return JobExplanation.Standing.OWES;
    }
    return aggregation.present().contains(member)
        ? JobExplanation.Standing.ANSWERED
        : JobExplanation.Standing.LEFT_OUT;
  }

  private static Optional<Instant> awaySince(Presence presence) {
    return switch (presence) {
      case Presence.Here here -> Optional.empty();
      case Presence.Away(Instant since) -> Optional.of(since);
      case Presence.Unseen(Instant since) -> Optional.of(since);
    };
  }
}
