package org.hanse.coordinator.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.hanse.coordinator.job.JobDescription;
import org.hanse.coordinator.job.JobProgress;
import org.hanse.coordinator.round.RoundState;
import org.hanse.coordinator.storage.StoredJob;
import org.hanse.core.plan.Member;
import org.hanse.core.secagg.AbortReason;
import org.hanse.wire.value.JobState;
import org.hanse.wire.value.JobSummary;

/** What others see of a job while its loop runs. Thread-safe; written by the loop alone. */
public final class JobSnapshots {
  private final JobDescription job;
  private final JobHistory history;
  private volatile Shown shown;

  private record Shown(
      JobProgress progress, JobState state, Optional<AbortReason> reason, String waitingFor) {}

  JobSnapshots(StoredJob stored, JobHistory history) {
    this.job = stored.description();
    this.history = history;
    this.shown =
        new Shown(
            stored.progress(),
            stored.standing().state(),
            stored.standing().reason(),
            stored.standing().state().ended() ? "" : "its turn");
  }

  public JobDescription job() {
    return job;
  }

  public JobHistory history() {
    return history;
  }

  public boolean ended() {
    return shown.state().ended();
  }

  public JobProgress progress() {
    return shown.progress();
  }

  public JobSummary summary() {
    Shown now = shown;
    return new JobSummary(
        job.id(),
        job.manifest().title(),
        now.state(),
        new JobSummary.Progress(
            now.progress().publishedRounds(),
            job.manifest().training().rounds(),
            convicted(now.progress())),
        now.reason(),
        now.progress().model(),
        job.planHash(),
        now.waitingFor());
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

  void show(JobProgress progress, RoundState state) {
    shown = new Shown(progress, JobState.RUNNING, Optional.empty(), Waiting.describe(state));
  }

  /** The job waits for the coordinator's own files. */
  void stall() {
    shown =
        new Shown(
            shown.progress(),
            JobState.RUNNING,
            Optional.empty(),
            "the coordinator's own files, which cannot be used now");
  }

  void end(JobState state, Optional<AbortReason> reason) {
    shown = new Shown(shown.progress(), state, reason, "");
  }
}
