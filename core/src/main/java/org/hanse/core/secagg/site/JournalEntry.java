package org.hanse.core.secagg.site;

import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.RoundId;

/** What a site must never forget: fsynced before the message that follows from it is sent. */
public sealed interface JournalEntry {
  /** The round that the entry is about. */
  RoundId round();

  /** Before M1. */
  record Joined(AttemptId attempt, Hash context, Hash modelHash, Hash updateHash)
      implements JournalEntry {
    @Override
    public RoundId round() {
      return attempt.round();
    }
  }

  /** Before M9. */
  record Released(AttemptId attempt, Hash context, Hash modelHash, Hash statement)
      implements JournalEntry {
    @Override
    public RoundId round() {
      return attempt.round();
    }
  }

  /** Before M11, or at the end of the round: its saved update is no longer needed. */
  record Closed(RoundId round) implements JournalEntry {}
}
