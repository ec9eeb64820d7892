package org.hanse.coordinator.engine;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.hanse.coordinator.job.JobDescription;
import org.hanse.coordinator.round.RoundEffect;
import org.hanse.coordinator.storage.JobFiles;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.RoundId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which files of a job's rounds stay, and how long: uploads until every site had time to audit the
 * sum, transcripts as long as the job. Thread-safe, since the end of an audit comes from a timer.
 */
final class RoundFiles {
  private static final Logger log = LoggerFactory.getLogger(RoundFiles.class);

  private final JobDescription job;
  private final JobParts parts;
  private final SortedSet<Long> kept = new TreeSet<>();
  private Optional<AttemptId> audited = Optional.empty();

  RoundFiles(JobDescription job, JobParts parts) {
    this.job = job;
    this.parts = parts;
  }

  /** A round opens. */
  synchronized void begin(RoundId round) throws IOException {
    if (kept.isEmpty()) {
      tidy(round);
    }
    kept.add(round.round());
  }

  /** Takes over what a process before this one has left of earlier rounds. */
  private void tidy(RoundId round) throws IOException {
    parts.files().models().discardDrafts();
    for (long earlier : parts.files().paths().rounds()) {
      if (earlier < round.round()) {
        kept.add(earlier);
        forgetAudit(parts.files().paths(), new RoundId(job.id(), earlier), parts.shared());
      }
    }
  }

  /** Of a round that is over, uploads are where they are once nobody audits them any more. */
  static void forgetAudit(JobFiles files, RoundId round, JobParts.Shared shared)
      throws IOException {
    switch (shared.rules().retention()) {
      case LAST_ROUND -> files.deleteUploads(round);
      case ALL_ROUNDS -> files.keepUploads(round);
    }
  }

  synchronized void acceptUploads(RoundEffect.AcceptUploads accept) throws IOException {
    endAudit(); // one attempt's uploads on the disk, not two
    parts.files().uploads().open(accept.attempt(), accept.context(), accept.sites());
  }

  synchronized void discard(AttemptId attempt) throws IOException {
    parts.files().audits().close(attempt);
    parts.files().uploads().discard(attempt);
    parts.files().sums().discard(attempt);
  }

  /** The round is over with a new model. */
  synchronized void published(RoundEffect.Publish publish) throws IOException {
    AttemptId attempt = publish.attempt();
    parts.files().transcripts().write(publish.transcript());
    audited = Optional.of(attempt);
    Instant end = parts.shared().clock().instant().plusSeconds(deadlineSeconds());
    parts.shared().timers().schedule(end, () -> endAudit(attempt));
    if (parts.shared().rules().retention() == Retention.LAST_ROUND) {
      parts.files().models().keepOnly(parts.shared().store().models(job.id()));
      stripRoundsBefore(attempt.round());
    }
  }

  private long deadlineSeconds() {
    return job.manifest().aggregation().auditChunks() == 0
        ? 0
        : job.manifest().aggregation().deadlines().verdictSeconds();
  }

  /** The job is over: only what is being audited stays, and only until that ends. */
  synchronized void forgetUploads() throws IOException {
    parts.files().uploads().discardAllBut(audited);
  }

  /** The sums of earlier rounds are superseded. */
  private void stripRoundsBefore(RoundId round) throws IOException {
    for (long earlier : List.copyOf(kept.headSet(round.round()))) {
      parts.files().transcripts().strip(new RoundId(job.id(), earlier));
      kept.remove(earlier);
    }
  }

  private synchronized void endAudit(AttemptId attempt) {
    if (!audited.equals(Optional.of(attempt))) {
      return;
    }
    try {
      endAudit();
    } catch (IOException e) {
      log.error("job {}: uploads of {} could not be deleted", job.id(), attempt, e);
    }
  }

  private void endAudit() throws IOException {
    if (audited.isEmpty()) {
      return;
    }
    AttemptId attempt = audited.get();
    audited = Optional.empty();
    parts.files().audits().close(attempt);
    switch (parts.shared().rules().retention()) {
      case LAST_ROUND -> parts.files().uploads().discard(attempt);
      case ALL_ROUNDS -> parts.files().uploads().leave(attempt);
    }
  }
}
