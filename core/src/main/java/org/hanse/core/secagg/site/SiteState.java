package org.hanse.core.secagg.site;

import java.util.Optional;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Hash;
import org.hanse.core.secagg.DealerSet;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.KeySet;
import org.hanse.core.secagg.SiteRefusal;
import org.hanse.core.secagg.SurvivorSet;
import org.hanse.core.secagg.ToSite;
import org.hanse.core.secagg.mask.TagKey;

/**
 * Where a site stands in an attempt: forward only. Holds the attempt's secrets, in memory alone,
 * which the machine erases as soon as no later state needs them; so a state is used once.
 */
public sealed interface SiteState {

  /** Before the first attempt, and after a restart. */
  record Idle() implements SiteState {}

  /** A state with an attempt under way. */
  sealed interface Running extends SiteState {
    SiteAttempt running();
  }

  /** M1 was sent; M2 is awaited. */
  record Advertised(SiteAttempt running, FromSite.Advertisement own, AttemptSecrets secrets)
      implements Running {}

  /** M3 was sent; M4 is awaited. */
  record Shared(SiteAttempt running, KeySet keys, FromSite.Shares own, AttemptSecrets secrets)
      implements Running {}

  /** The shell masks and uploads. */
  record Masking(
      SiteAttempt running,
      ToSite.SharesFor received,
      DealerSet dealers,
      HeldSecrets held,
      UploadMasker masker)
      implements Running {}

  /** M5 was committed; M6 is awaited, and the upload may have to be resumed. */
  record Uploaded(
      SiteAttempt running,
      DealerSet dealers,
      FromSite.UploadCommit own,
      HeldSecrets held,
      UploadMasker masker)
      implements Running {}

  /** M7 was sent; M8 is awaited, or M10 if the others' releases sufficed. */
  record Confirmed(SiteAttempt running, SurvivorSet survivors, Hash statement, HeldSecrets held)
      implements Running {}

  /** M9 was sent; M10 is awaited. */
  record Released(SiteAttempt running, SurvivorSet survivors, Hash statement, TagKey tagKey)
      implements Running {}

  /** The shell fetches and checks the sum. */
  record Checking(SiteAttempt running, ToSite.Result received, ResultVerifier verifier)
      implements Running {}

  /** M11 was sent. No secret is left. */
  record Done(SiteAttempt closed) implements SiteState {}

  /** The site left the attempt. No secret is left. */
  record Aborted(AttemptId left, SiteRefusal reason) implements SiteState {}

  /** The attempt this state belongs to; empty while idle. */
  default Optional<AttemptId> attempt() {
    return switch (this) {
      case Idle() -> Optional.empty();
      case Running state -> Optional.of(state.running().context().id());
      case Done(SiteAttempt closed) -> Optional.of(closed.context().id());
      case Aborted(AttemptId left, SiteRefusal reason) -> Optional.of(left);
    };
  }

  /** Whether nothing is under way: idle, done or aborted. */
  default boolean finished() {
    return !(this instanceof Running);
  }
}
