package org.hanse.simulation.adversary;

import java.util.List;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.site.JournalEntry;

/** What a run leaves behind, in the order in which it happened. */
sealed interface Happening {

  /** The coordinator offered an attempt to a roster. */
  record Opened(AttemptId attempt, List<Fingerprint> roster) implements Happening {}

  /** The entry was durable from here on. */
  record Journalled(Fingerprint site, JournalEntry entry) implements Happening {}

  /** The message left its site; the network may have done with it what it liked. */
  record Sent(Fingerprint site, AttemptId attempt, FromSite message) implements Happening {}

  /** The site masked this vector and sent the chunks. */
  record Masked(Fingerprint site, AttemptId attempt, RingVector plain) implements Happening {}

  /** The coordinator removed the masks from the sum of these sites' uploads. */
  record Unmasked(AttemptId attempt, List<Fingerprint> survivors, RingVector sum)
      implements Happening {}

  /** The coordinator's attempt came to an end. */
  record Ended(AttemptId attempt) implements Happening {}

  /** The site is through with an attempt; so many of its secrets are still in memory. */
  record Left(Fingerprint site, int secretsKept) implements Happening {}
}
