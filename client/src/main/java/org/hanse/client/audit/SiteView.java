package org.hanse.client.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.hanse.client.session.SiteRecord;
import org.hanse.client.storage.SiteJournal;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.RoundId;
import org.hanse.core.secagg.site.JournalEntry;

/**
 * What a site's own journal knows of rounds. A site erases the key of its tags when it has checked
 * a result, so nobody can check a tag later; but what it signed and which model it made of a result
 * that passed stands in its journal.
 */
public final class SiteView {
  private final List<SiteRecord> records;

  private SiteView(List<SiteRecord> records) {
    this.records = List.copyOf(records);
  }

  /**
   * Reads the journal of a client's state directory.
   *
   * @throws IOException if there is none, or it is damaged
   */
  public static SiteView of(Path stateDirectory) throws IOException {
    return new SiteView(SiteJournal.read(stateDirectory.resolve("journal")));
  }

  /** The site's release in this round; empty if it took no part to the end. */
  Optional<JournalEntry.Released> release(RoundId round) {
    return records.stream()
        .filter(r ->
            r instanceof SiteRecord.Protocol(JournalEntry.Released released)
                && released.round().equals(round))
        .map(r -> (JournalEntry.Released) ((SiteRecord.Protocol) r).entry())
        .findFirst();
  }

  /** The model that the site went on from after this round. */
  Optional<Hash> model(RoundId round) {
    return records.stream()
        .filter(r -> r instanceof SiteRecord.ModelTrusted trusted && trusted.round().equals(round))
        .map(r -> ((SiteRecord.ModelTrusted) r).model())
        .findFirst();
  }

  /** Rounds of a job after which the site went on from another model, ascending. */
  public List<Long> roundsWithModel(JobId job) {
    return records.stream()
        .filter(SiteRecord.ModelTrusted.class::isInstance)
        .map(SiteRecord::round)
        .filter(round -> round.job().equals(job))
        .map(RoundId::round)
        .distinct()
        .sorted()
        .toList();
  }
}
