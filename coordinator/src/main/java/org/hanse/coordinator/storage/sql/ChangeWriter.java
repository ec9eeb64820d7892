package org.hanse.coordinator.storage.sql;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.hanse.coordinator.job.BestModel;
import org.hanse.coordinator.job.JobProgress;
import org.hanse.coordinator.round.RoundEvent;
import org.hanse.coordinator.storage.JobChange;
import org.hanse.coordinator.storage.JobChange.ModelUse;
import org.hanse.coordinator.storage.RoundOpening;
import org.hanse.coordinator.storage.RoundRecords;
import org.hanse.coordinator.storage.sql.RoundRows.OutcomeKind;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.RoundId;
import org.hanse.core.secagg.AbortReason;
import org.hanse.wire.StoredMessages;
import org.hanse.wire.value.JobEventEntry;
import org.hanse.wire.value.JobEventValue;
import org.hanse.wire.value.JobEventValue.MetricMean;
import org.hanse.wire.value.JobOrder;
import org.hanse.wire.value.JobStanding;
import org.jdbi.v3.core.Handle;

/**
 * Makes changes of one job, within a transaction. A change that does not follow from what is stored
 * is an {@link IllegalArgumentException}.
 */
final class ChangeWriter {
  private final Handle handle;
  private final JobId job;
  private final Instant at;
  private long lastSequence;

  private ChangeWriter(Handle handle, JobId job, Instant at, long lastSequence) {
    this.handle = handle;
    this.job = job;
    this.at = at;
    this.lastSequence = lastSequence;
  }

  /** All of {@code changes}, in their order. */
  static void write(Handle handle, JobId job, Instant at, List<JobChange> changes) {
    long lastSequence =
        new JobRows(handle)
            .lastSequence(job)
            .orElseThrow(() -> new IllegalArgumentException("there is no job " + job));
    ChangeWriter writer = new ChangeWriter(handle, job, at, lastSequence);
    changes.forEach(writer::write);
    handle.execute(
        "UPDATE job SET last_sequence = ?, changed_seconds = ?, changed_nanos = ? WHERE id = ?",
        writer.lastSequence,
        at.getEpochSecond(),
        at.getNano(),
        job.value());
  }

  private void write(JobChange change) {
    switch (change) {
      case JobChange.RoundOpened(RoundOpening opening) -> open(opening);
      case JobChange.EventTaken(RoundEvent event) -> append(event);
      case JobChange.Reported(JobEventEntry entry) -> report(entry);
      case JobChange.RoundPaused(RoundId round) -> pause(round);
      case JobChange.RoundGivenUp(RoundId round, AbortReason reason) -> giveUp(round, reason);
      case JobChange.Progressed(JobProgress progress) -> progress(progress);
      case JobChange.ModelUsed(ModelUse use, Hash model) -> use(handle, job, use, model);
    }
  }

  private void open(RoundOpening opening) {
    RoundId round = own(opening.round());
    long newest = new JobRows(handle).newestRound(job);
    if (round.round() < newest) {
      throw new IllegalArgumentException("round " + round + " opens after round " + newest);
    }
    handle.execute("DELETE FROM journal_event WHERE job = ?", job.value());
    Instant openedAt = opening.openedAt();
    int opened =
        handle.execute(
            "INSERT INTO round (job, number, base, opened_seconds, opened_nanos, outcome)"
                + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (job, number)"
                + " DO UPDATE SET outcome = excluded.outcome WHERE round.outcome = ?",
            job.value(),
            round.round(),
            opening.progress().model().toHex(),
            openedAt.getEpochSecond(),
            openedAt.getNano(),
            OutcomeKind.OPEN.name(),
            OutcomeKind.PAUSED.name());
    require(opened == 1, "round " + round + " was opened before");
    stand(JobStanding.RUNNING);
    byte[] record = RoundRecords.encode(opening);
    handle.execute(
        "INSERT INTO journal_event (job, round, position, record, checksum)"
            + " VALUES (?, ?, 0, ?, ?)",
        job.value(),
        round.round(),
        record,
        Rows.checksum(record));
  }

  private void pause(RoundId round) {
    int paused =
        handle.execute(
            "UPDATE round SET outcome = ? WHERE job = ? AND number = ? AND outcome = ?",
            OutcomeKind.PAUSED.name(),
            job.value(),
            own(round).round(),
            OutcomeKind.OPEN.name());
    require(paused == 1, "round " + round + " is not open");
    forgetEvents();
  }

  private void forgetEvents() {
    handle.execute("DELETE FROM journal_event WHERE job = ? AND position > 0", job.value());
  }

  /** The row of a standing that it has already stays as it is. */
  private void stand(JobStanding standing) {
    handle.execute(
        "UPDATE job SET state = ?, reason = ?, ordered_by = ?, note = ?,"
            + " since_seconds = ?, since_nanos = ? WHERE id = ? AND state <> ?",
        standing.state().name(),
        standing.reason().map(AbortReason::name).orElse(null),
        standing.order().map(JobOrder::by).orElse(null),
        standing.order().map(JobOrder::note).orElse(null),
        at.getEpochSecond(),
        at.getNano(),
        job.value(),
        standing.state().name());
  }

  /** Its round goes on, or its turn will come. */
  private void resume() {
    boolean open =
        handle
                .select(
                    "SELECT COUNT(*) FROM round WHERE job = ? AND outcome = ?",
                    job.value(),
                    OutcomeKind.OPEN.name())
                .mapTo(Long.class)
                .one()
            > 0;
    stand(open ? JobStanding.RUNNING : JobStanding.QUEUED);
  }

  private void append(RoundEvent event) {
    byte[] record = RoundRecords.encode(event);
    int appended =
        handle.execute(
            "INSERT INTO journal_event (job, round, position, record, checksum)"
                + " SELECT job, round, position + 1, ?, ? FROM journal_event WHERE job = ?"
                + " ORDER BY round DESC, position DESC LIMIT 1",
            record,
            Rows.checksum(record),
            job.value());
    require(appended == 1, "no round is open");
  }

  private void report(JobEventEntry entry) {
    if (entry.sequence() != lastSequence + 1) {
      throw new IllegalArgumentException(
          "entry " + entry.sequence() + " of job " + job + " follows entry " + lastSequence);
    }
    lastSequence = entry.sequence();
    byte[] record = StoredMessages.encode(entry);
    handle.execute(
        "INSERT INTO job_event (job, sequence, record, checksum) VALUES (?, ?, ?, ?)",
        job.value(),
        entry.sequence(),
        record,
        Rows.checksum(record));
    switch (entry.event()) {
      case JobEventValue.StageReached event -> reached(event);
      case JobEventValue.RoundPublished event -> publish(event);
      case JobEventValue.AttemptAborted event ->
          handle.execute(
              "UPDATE attempt SET aborted = ? WHERE job = ? AND round = ? AND number = ?",
              event.reason().name(),
              job.value(),
              own(event.attempt()).round().round(),
              event.attempt().attempt());
      case JobEventValue.Paused event -> stand(event.standing());
      case JobEventValue.Resumed event -> resume();
      case JobEventValue.Finished event -> {
        stand(event.standing());
        forgetEvents();
      }
      case JobEventValue.SiteLeft left -> own(left.attempt());
      case JobEventValue.ShareRefused refused -> own(refused.attempt());
      case JobEventValue.DealerConvicted convicted -> own(convicted.attempt());
    }
  }

  private void reached(JobEventValue.StageReached event) {
    AttemptId attempt = own(event.attempt());
    int written =
        handle.execute(
            "INSERT INTO attempt (job, round, number, stage, sites)"
                + " SELECT job, number, ?, ?, ? FROM round WHERE job = ? AND number = ?"
                + " ON CONFLICT (job, round, number)"
                + " DO UPDATE SET stage = excluded.stage, sites = excluded.sites",
            attempt.attempt(),
            event.stage().name(),
            event.sites(),
            job.value(),
            attempt.round().round());
    require(written == 1, "there is no round of attempt " + attempt);
  }

  private void publish(JobEventValue.RoundPublished event) {
    AttemptId attempt = own(event.attempt());
    int closed =
        handle.execute(
            "UPDATE round SET outcome = ?, attempt = ?, model = ?, counted_sites = ?"
                + " WHERE job = ? AND number = ? AND outcome = ?",
            OutcomeKind.PUBLISHED.name(),
            attempt.attempt(),
            event.modelHash().toHex(),
            event.countedSites(),
            job.value(),
            attempt.round().round(),
            OutcomeKind.OPEN.name());
    require(closed == 1, "round " + attempt.round() + " is not open");
    int position = 0;
    for (MetricMean metric : event.metrics()) {
      handle.execute(
          "INSERT INTO metric (job, round, position, name, mean) VALUES (?, ?, ?, ?, ?)",
          job.value(),
          attempt.round().round(),
          position++,
          metric.name(),
          metric.value());
    }
  }

  private void giveUp(RoundId round, AbortReason reason) {
    int closed =
        handle.execute(
            "UPDATE round SET outcome = ?, reason = ?"
                + " WHERE job = ? AND number = ? AND outcome = ?",
            OutcomeKind.GIVEN_UP.name(),
            reason.name(),
            job.value(),
            own(round).round(),
            OutcomeKind.OPEN.name());
    require(closed == 1, "round " + round + " is not open");
  }

  private void progress(JobProgress progress) {
    handle.execute(
        "UPDATE job SET round = ?, model = ?, published_rounds = ?, discarded_rounds = ?,"
            + " pauses = ?, attempts_before_pause = ?,"
            + " best_model = ?, best_rounds = ?, best_value = ? WHERE id = ?",
        own(progress.round()).round(),
        progress.model().toHex(),
        progress.publishedRounds(),
        progress.discarded(),
        progress.resumption().pauses(),
        progress.resumption().attempts(),
        progress.best().map(best -> best.model().toHex()).orElse(null),
        progress.best().map(BestModel::publishedRounds).orElse(null),
        progress.best().map(BestModel::value).orElse(null),
        job.value());
    handle.execute("DELETE FROM convicted WHERE job = ?", job.value());
    for (Map.Entry<Fingerprint, Long> convicted : progress.convicted().entrySet()) {
      handle.execute(
          "INSERT INTO convicted (job, site, round) VALUES (?, ?, ?)",
          job.value(),
          convicted.getKey().toHex(),
          convicted.getValue());
    }
  }

  static void use(Handle handle, JobId job, ModelUse use, Hash model) {
    handle.execute(
        "INSERT INTO model_use (job, purpose, model) VALUES (?, ?, ?)"
            + " ON CONFLICT (job, purpose) DO UPDATE SET model = excluded.model",
        job.value(),
        use.name(),
        model.toHex());
  }

  private AttemptId own(AttemptId attempt) {
    own(attempt.round());
    return attempt;
  }

  private RoundId own(RoundId round) {
    require(round.job().equals(job), round + " is a round of another job");
    return round;
  }

  private void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException("job " + job + ": " + otherwise);
    }
  }
}
