package org.hanse.core.secagg.site;

import java.util.List;
import java.util.Optional;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.RoundId;

/**
 * What the journal says about one job. Immutable.
 *
 * @param entries of that job alone, in the order they were written
 */
public record SiteHistory(List<JournalEntry> entries) {
  public SiteHistory {
    entries = List.copyOf(entries);
  }

  /** The entries of {@code job} among {@code all}. */
  public static SiteHistory of(JobId job, List<JournalEntry> all) {
    return new SiteHistory(all.stream().filter(e -> e.round().job().equals(job)).toList());
  }

  /** Whether any entry is of {@code attempt}, a later one, or the round's end. */
  public boolean reached(AttemptId attempt) {
    return entries.stream()
        .anyMatch(entry ->
            switch (entry) {
              case JournalEntry.Joined joined -> joined.attempt().compareTo(attempt) >= 0;
              case JournalEntry.Released released -> released.attempt().compareTo(attempt) >= 0;
              case JournalEntry.Closed closed -> closed.round().round() >= attempt.round().round();
            });
  }

  /** Whether this site has released in {@code round}: it takes part in no later attempt of it. */
  public boolean released(RoundId round) {
    return entries.stream()
        .anyMatch(e -> e instanceof JournalEntry.Released r && r.round().equals(round));
  }

  /** Whether the round ended for this site. */
  public boolean closed(RoundId round) {
    return entries.stream()
        .anyMatch(e -> e instanceof JournalEntry.Closed c && c.round().equals(round));
  }

  /** How many releases started from this model: each reveals one sum. */
  public long releasesOn(Hash modelHash) {
    return entries.stream()
        .filter(e -> e instanceof JournalEntry.Released r && r.modelHash().equals(modelHash))
        .count();
  }

  /** The update that the round's attempts were joined with. */
  public Optional<Hash> updateOf(RoundId round) {
    return entries.stream()
        .filter(e -> e instanceof JournalEntry.Joined j && j.round().equals(round))
        .map(e -> ((JournalEntry.Joined) e).updateHash())
        .findFirst();
  }
}
