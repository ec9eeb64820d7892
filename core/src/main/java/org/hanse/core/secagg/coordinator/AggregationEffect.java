package org.hanse.core.secagg.coordinator;

import org.hanse.core.plan.Fingerprint;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.AdoptionProof;
import org.hanse.core.secagg.DropReason;
import org.hanse.core.secagg.FromSite.ComplaintReason;
import org.hanse.core.secagg.ToSite;
import org.hanse.core.secagg.mask.Revelation;
import org.hanse.core.secagg.mask.Unmasker;

/**
 * What the coordinator's shell must do, in list order: a record is durable before anything leaves.
 */
public sealed interface AggregationEffect {

  /** The state after this step is a choice that must survive: store it before the next effect. */
  record Persist() implements AggregationEffect {}

  /** Hand {@code message} to the site, now or when it asks next. */
  record Send(Fingerprint to, ToSite message) implements AggregationEffect {}

  /**
   * Leave a site out of the rest of the attempt; the round goes on.
   *
   * @param detail for the coordinator's log
   */
  record Drop(Fingerprint site, DropReason reason, String detail) implements AggregationEffect {}

  /** Answer the message with a refusal. Without a Drop beside it, nothing changed. */
  record Reject(Fingerprint site, DropReason reason, String detail) implements AggregationEffect {}

  /**
   * A holder says that a dealer's box is bad, and one of the two lies: the round's next attempt is
   * without both. The attempt ends with this.
   */
  record Dispute(Fingerprint holder, Fingerprint dealer, ComplaintReason reason)
      implements AggregationEffect {}

  /**
   * The dealer's shares match their commitments and rebuild another secret than it committed to.
   * The attempt ends with this.
   */
  record Convict(Fingerprint dealer) implements AggregationEffect {}

  /**
   * Sum the spooled uploads chunk by chunk, unmask, decode, apply; answer with Unmasked. Both are
   * erased by the machine once the state is left.
   *
   * @param revelation what the unmasker was made of, for sites that audit the sum
   */
  record Unmask(Unmasker unmasker, Revelation revelation) implements AggregationEffect {}

  /** The attempt produced a model that enough sites confirmed. */
  record Close(AdoptionProof proof) implements AggregationEffect {}

  /** The attempt brought nothing; {@code detail} is for the coordinator's log. */
  record Abort(AbortReason reason, String detail) implements AggregationEffect {}
}
