package org.hanse.client.session;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.hanse.client.session.SiteRecord.ModelTrusted;
import org.hanse.client.session.SiteRecord.UpdateSaved;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.RoundId;
import org.hanse.core.secagg.site.JournalEntry;
import org.hanse.core.secagg.site.SiteHistory;

/**
 * What this site's journal says about one job.
 *
 * @param records oldest first
 */
public record SiteMemory(List<SiteRecord> records) {
  public SiteMemory {
    records = List.copyOf(records);
  }

  /** The records of {@code job} among {@code all}. */
  public static SiteMemory of(JobId job, List<SiteRecord> all) {
    return new SiteMemory(all.stream().filter(r -> r.round().job().equals(job)).toList());
  }

  /** The one update that this site has for the round. */
  public Optional<UpdateSaved> update(RoundId round) {
    return records.stream()
        .filter(r -> r instanceof UpdateSaved && r.round().equals(round))
        .map(UpdateSaved.class::cast)
        .findFirst();
  }

  /** Rounds with an update that have not been closed, oldest first. */
  public List<RoundId> openRounds() {
    Set<RoundId> open = new LinkedHashSet<>();
    for (SiteRecord entry : records) {
      if (entry instanceof UpdateSaved) {
        open.add(entry.round());
      }
    }
    for (SiteRecord entry : records) {
      if (entry instanceof SiteRecord.Protocol(JournalEntry.Closed closed)) {
        open.remove(closed.round());
      }
    }
    return List.copyOf(open);
  }

  /** The newest model this site computed or adopted; empty before any result. */
  public Optional<ModelTrusted> trusted() {
    return records.stream()
        .filter(ModelTrusted.class::isInstance)
        .map(ModelTrusted.class::cast)
        .reduce((older, newer) -> newer.round().round() >= older.round().round() ? newer : older);
  }

  /** Whether the round's update is spent or no longer needed. */
  public boolean closed(RoundId round) {
    return history().entries().stream()
        .anyMatch(e -> e instanceof JournalEntry.Closed && e.round().equals(round));
  }

  public boolean released(RoundId round) {
    return history().released(round);
  }

  public long releasesOn(Hash model) {
    return history().releasesOn(model);
  }

  public boolean joined(AttemptId attempt) {
    return history().entries().stream()
        .anyMatch(e -> e instanceof JournalEntry.Joined j && j.attempt().equals(attempt));
  }

  /** The part that the aggregation protocol needs. */
  public SiteHistory history() {
    return new SiteHistory(
        records.stream()
            .filter(SiteRecord.Protocol.class::isInstance)
            .map(r -> ((SiteRecord.Protocol) r).entry())
            .toList());
  }
}
