package org.hanse.core.secagg.site;

import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.plan.Hash;
import org.hanse.core.secagg.SiteRefusal;
import org.hanse.core.secagg.ToSite;

/** What can happen to a site's side of an attempt. */
public sealed interface SiteInput {

  /**
   * M0 arrived and its certificates were checked.
   *
   * @param history everything this site's journal holds about the job
   * @param ownModelHash model this site trained on, computed from bytes it holds
   * @param updateHash hash of the saved update, recorded with the first attempt of the round
   * @param entropy 32 fresh bytes from a secure generator, erased by the machine
   */
  record Start(
      ToSite.RoundStart message,
      SiteHistory history,
      Hash ownModelHash,
      Hash updateHash,
      SecretBytes entropy)
      implements SiteInput {}

  /** Any later message. */
  record Received(ToSite message) implements SiteInput {}

  /** The shell masked the vector and sent its chunks: root, count and tags, not yet signed. */
  record UploadMasked(UploadSummary summary) implements SiteInput {}

  /** The shell fetched the sum's chunks and ran {@link SiteEffect.CheckResult}. */
  record ResultChecked(ResultCheck check) implements SiteInput {}

  /** A step's deadline passed, or the coordinator closed the attempt or opened a later one. */
  record Stop(SiteRefusal reason) implements SiteInput {}

  /** What a masked upload consists of. */
  record UploadSummary(Hash root, long chunkCount, long tag0, long tag1) {}

  /** Outcome of checking and applying a result. */
  sealed interface ResultCheck {
    /** Root, tags and gates hold, and the model was recomputed. */
    record Good(Hash nextModelHash) implements ResultCheck {}

    record Bad(SiteRefusal reason) implements ResultCheck {}
  }
}
