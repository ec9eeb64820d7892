package org.hanse.client.agent;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hanse.client.session.SiteMemory;
import org.hanse.client.session.SiteRecord;
import org.hanse.client.storage.ModelStore;
import org.hanse.client.storage.ResultFiles;
import org.hanse.client.storage.SiteJournal;
import org.hanse.client.storage.UpdateStore;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.RoundId;
import org.hanse.core.secagg.site.JournalEntry;

/** What this site keeps on disk. */
public record SiteStores(
    SiteJournal journal, UpdateStore updates, ModelStore models, ResultFiles results) {

  /** A job of which nothing was written for so long is over: a round takes days at most. */
  private static final Duration FORGET_AFTER = Duration.ofDays(30);

  /** Writes a record durably, and forgets the update of a round that it closes. */
  void remember(SiteRecord record) throws IOException {
    journal.append(record);
    if (record instanceof SiteRecord.Protocol(JournalEntry.Closed closed)) {
      updates.delete(closed.round());
    }
  }

  /** What the journal says about a job. */
  SiteMemory memory(JobId job) {
    return SiteMemory.of(job, journal.records());
  }

  /** Jobs in a round of which this site has an update. */
  Set<JobId> jobsInARound() {
    return new SiteMemory(journal.records())
        .openRounds().stream().map(RoundId::job).collect(Collectors.toSet());
  }

  /**
   * Forgets files that no open round needs: what a crash left behind, and what belongs to jobs that
   * the coordinator no longer speaks of. An open round of such a job is closed: its update is not
   * protected by anything but this disk.
   */
  void tidy(Instant now) throws IOException {
    Instant limit = now.minus(FORGET_AFTER);
    for (RoundId round : new SiteMemory(journal.records()).openRounds()) {
      Optional<Instant> heardOf =
          Stream.of(updates.lastWritten(round.job()), models.lastWritten(round.job()))
              .flatMap(Optional::stream)
              .max(Comparator.naturalOrder());
      if (heardOf.filter(time -> !time.isBefore(limit)).isEmpty()) {
        remember(new SiteRecord.Protocol(new JournalEntry.Closed(round)));
      }
    }
    updates.retain(new SiteMemory(journal.records()).openRounds());
    models.forgetWrittenBefore(limit);
  }
}
