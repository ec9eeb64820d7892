package org.hanse.core.secagg.site;

import java.util.List;
import org.hanse.core.crypto.SigningKey;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.secagg.AttemptContext;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.SignedContent;
import org.hanse.core.secagg.SiteRefusal;

/** How a site leaves an attempt before its end: its secrets go first, then it says why. */
final class SiteEndings {
  private SiteEndings() {}

  /** The shell stops what is under way; nothing is sent. */
  static SiteStep stop(SiteState state, SiteRefusal reason) {
    if (!(state instanceof SiteState.Running running)) {
      return new SiteStep(state, List.of());
    }
    erase(state);
    AttemptId attempt = running.running().context().id();
    return new SiteStep(
        new SiteState.Aborted(attempt, reason),
        List.of(new SiteEffect.Refuse(reason, "attempt " + attempt + " was stopped")));
  }

  /** Something came that this state does not expect. */
  static SiteStep unexpected(SiteState.Running state, String what) {
    String where = state.getClass().getSimpleName();
    return abort(state, new Refusal(SiteRefusal.UNEXPECTED_MESSAGE, what + " in state " + where));
  }

  /** A check failed in the middle of the attempt. */
  static SiteStep abort(SiteState.Running state, Refusal refusal) {
    erase(state);
    return withdraw(state.running().context().id(), refusal);
  }

  /** A dealer's box is bad: whose, and how, is for all to know. */
  static SiteStep complain(SiteState.Running state, BadBox box, SigningKey identity) {
    erase(state);
    AttemptContext context = state.running().context();
    FromSite.Complaint own =
        new FromSite.Complaint(
            box.dealer(),
            box.reason(),
            SignedContent.complaint(box.dealer(), box.reason()).signedBy(identity, context.hash()));
    return new SiteStep(
        new SiteState.Aborted(context.id(), SiteRefusal.SHARE_INVALID),
        List.of(
            new SiteEffect.Send(own),
            new SiteEffect.Refuse(SiteRefusal.SHARE_INVALID, box.detail())));
  }

  /** Nothing secret is left, or nothing ever was. */
  static SiteStep withdraw(AttemptId attempt, Refusal refusal) {
    return new SiteStep(
        new SiteState.Aborted(attempt, refusal.reason()),
        List.of(
            new SiteEffect.Send(new FromSite.Withdrawal(refusal.reason())),
            new SiteEffect.Refuse(refusal.reason(), refusal.detail())));
  }

  /** Zeroes every secret of the attempt. */
  static void erase(SiteState state) {
    switch (state) {
      case SiteState.Idle idle -> {}
      case SiteState.Advertised advertised -> advertised.secrets().erase();
      case SiteState.Shared shared -> shared.secrets().erase();
      case SiteState.Masking masking -> {
        masking.masker().erase();
        masking.held().erase();
      }
      case SiteState.Uploaded uploaded -> {
        uploaded.masker().erase();
        uploaded.held().erase();
      }
      case SiteState.Confirmed confirmed -> confirmed.held().erase();
      case SiteState.Released released -> released.tagKey().erase();
      case SiteState.Checking checking -> checking.verifier().erase();
      case SiteState.Done done -> {}
      case SiteState.Aborted aborted -> {}
    }
  }
}
