package org.hanse.core.secagg.site;

import org.hanse.core.plan.Fingerprint;
import org.hanse.core.secagg.FromSite.ComplaintReason;

/** A box that a dealer signed and no honest dealer deals. */
record BadBox(Fingerprint dealer, ComplaintReason reason) {
  /** For the site's own log; no secret. */
  String detail() {
    String how =
        switch (reason) {
          case BOX_UNREADABLE -> "cannot be opened";
          case WRONG_LENGTH -> "has the wrong length";
          case SHARE_INVALID -> "holds another share than was committed to";
          case TAG_KEY_INVALID -> "holds another part of the tag key than was committed to";
          case ENCAPSULATION_INVALID -> "comes with an encapsulation that is not for this site";
        };
    return "the box of " + dealer + " " + how;
  }
}
