package org.hanse.client.session;

import org.hanse.core.plan.Hash;
import org.hanse.core.plan.RoundId;
import org.hanse.core.secagg.site.JournalEntry;

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
   * @param trained what it was trained for and on
   * @param update hash of the saved file
   */
  record UpdateSaved(RoundId round, Origin trained, Hash update) implements SiteRecord {}

  /**
   * Where an update comes from.
   *
   * @param plan the job's plan hash
   * @param baseModel the model that was trained on
   */
  record Origin(Hash plan, Hash baseModel) {}

  /**
   * The model this site goes on from, computed from a checked result or adopted by proof.
   *
   * @param round whose result the model is
   */
  record ModelTrusted(RoundId round, Hash model) implements SiteRecord {}
}
