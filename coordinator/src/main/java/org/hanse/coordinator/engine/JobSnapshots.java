package org.hanse.coordinator.engine;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.hanse.coordinator.job.BestModel;
import org.hanse.coordinator.job.JobDescription;
import org.hanse.coordinator.job.JobProgress;
import org.hanse.coordinator.round.RoundState;
import org.hanse.coordinator.storage.StoredJob;
import org.hanse.core.plan.Member;
import org.hanse.wire.value.JobExplanation;
import org.hanse.wire.value.JobStanding;
import org.hanse.wire.value.JobSummary;

/** What others see of a job while its loop runs. Thread-safe; written by the loop alone. */
public final class JobSnapshots {
  private final JobDescription job;
  private final JobHistory history;
  private final TurnDesk turns;
  private volatile Shown shown;

  /**
   * @param round empty before the loop has begun, while the store fails, and at the end
   * @param pausedUntil when a job that stands still fails
   * @param without what the job waits for where there is no round
   */
  private record Shown(
      JobProgress progress,
      JobStanding standing,
      Optional<RoundState> round,
      Optional<Instant> pausedUntil,
      String without) {}

  JobSnapshots(StoredJob stored, JobHistory history, TurnDesk turns) {
    this.job = stored.description();
    this.history = history;
    this.turns = turns;
    this.shown =
        new Shown(
            stored.progress(), stored.standing(), Optional.empty(), Optional.empty(), "its turn");
  }

  public JobDescription job() {
    return job;
  }

  public JobHistory history() {
    return history;
  }

  public boolean ended() {
    return shown.standing().ended();
  }

  public JobProgress progress() {
    return shown.progress();
  }

  /** What the job waits for. */
  public JobExplanation explanation() {
    Shown now = shown;
    JobSummary summary = summary(now);
    return now.round()
        .filter(round -> !now.standing().ended())
        .map(round -> Explanation.of(summary, round, turns.obstacle(job.id()), now.pausedUntil()))
        .orElseGet(() -> new JobExplanation(summary, Optional.empty(), "", List.of(), List.of()));
  }

  public JobSummary summary() {
    return summary(shown);
  }

  private JobSummary summary(Shown now) {
    return new JobSummary(
        job.id(),
        job.manifest().title(),
        now.standing(),
        new JobSummary.Progress(
            now.progress().publishedRounds(),
            job.manifest().training().rounds(),
            convicted(now.progress()),
            now.progress().best().map(this::best)),
        now.progress().model(),
        job.planHash(),
        waitingFor(now));
  }

  private String waitingFor(Shown now) {
    if (now.standing().ended()) {
      return "";
    }
    return now.round()
        .map(round -> Waiting.describe(now.standing(), round, turns.obstacle(job.id())))
        .orElse(now.without());
  }

  private JobSummary.Best best(BestModel best) {
    String metric = job.manifest().training().selection().orElseThrow().metric();
    return new JobSummary.Best(best.model(), best.publishedRounds(), metric, best.value());
  }

  private List<JobSummary.Convicted> convicted(JobProgress progress) {
    List<JobSummary.Convicted> convicted = new ArrayList<>();
    for (Member member : job.manifest().consortium().members()) {
      Long round = progress.convicted().get(member.signingKey());
      if (round != null) {
        convicted.add(new JobSummary.Convicted(member.site(), round));
      }
    }
    return convicted;
  }

  void show(
      JobProgress progress, JobStanding standing, RoundState round, Optional<Instant> pausedUntil) {
    shown = new Shown(progress, standing, Optional.of(round), pausedUntil, "");
  }

  /** The job waits for the coordinator's own files. */
  void stall() {
    shown =
        new Shown(
            shown.progress(),
            shown.standing(),
            Optional.empty(),
            shown.pausedUntil(),
            "the coordinator's own files, which cannot be used now");
  }

  void end(JobStanding end) {
    shown = new Shown(shown.progress(), end, Optional.empty(), Optional.empty(), "");
  }
}
