package org.hanse.core.secagg.site;

import org.hanse.core.plan.Hash;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.SiteRefusal;

/**
 * What the shell must do, in list order; a journal entry is durable before the next effect runs.
 */
public sealed interface SiteEffect {

  /** Make the entry durable. */
  record Journal(JournalEntry entry) implements SiteEffect {}

  /** Send the message to the coordinator, again after a lost connection. */
  record Send(FromSite message) implements SiteEffect {}

  /**
   * Mask the encoded update chunk by chunk, send the chunks, and answer with {@link
   * SiteInput.UploadMasked}.
   */
  record MaskAndUpload(UploadMasker masker) implements SiteEffect {}

  /** Fetch the sum, run the verifier over it, and answer with {@link SiteInput.ResultChecked}. */
  record CheckResult(ResultVerifier verifier, Hash resultRoot) implements SiteEffect {}

  /** The attempt is over for this site; all its secrets are erased. Say why in the site's log. */
  record Refuse(SiteRefusal reason, String detail) implements SiteEffect {}
}
