package org.hanse.client.session;

import org.hanse.core.plan.Hash;
import org.hanse.core.plan.RoundId;
import org.hanse.core.secagg.JournalEntry;

/** One line of a site's life, in the order in which it happened. */
public sealed interface SiteRecord {
  RoundId round();

  /** What the aggregation protocol must never forget. */
  record Protocol(JournalEntry entry) implements SiteRecord {
    @Override
    public RoundId round() {
      return entry.round();
    }
  }

  /**
   * The round's update is on disk: it is never trained again.
   *
   * @param baseModel the model that was trained on
   * @param update hash of the saved file
   */
  record UpdateSaved(RoundId round, Hash baseModel, Hash update) implements SiteRecord {}

  /**
   * The model this site goes on from, computed from a checked result or adopted by proof.
   *
   * @param round whose result the model is
   */
  record ModelTrusted(RoundId round, Hash model) implements SiteRecord {}
}
