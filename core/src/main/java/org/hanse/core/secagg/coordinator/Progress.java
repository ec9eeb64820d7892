package org.hanse.core.secagg.coordinator;

import java.util.Set;
import java.util.TreeSet;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.secagg.AttemptContext;
import org.hanse.core.secagg.FromSite;

/**
 * How far a coordinator's attempt is.
 *
 * @param present sites still in the attempt
 * @param answers all that was taken so far, also of sites that left since
 */
record Progress(AttemptContext context, Set<Fingerprint> present, Answers answers) {
  Progress {
    present = Set.copyOf(present);
  }

  Progress with(Fingerprint from, FromSite message) {
    return new Progress(context, present, answers.with(from, message));
  }

  Progress without(Fingerprint site) {
    Set<Fingerprint> rest = new TreeSet<>(present);
    rest.remove(site);
    return new Progress(context, rest, answers);
  }

  boolean has(Class<? extends FromSite> kind, Fingerprint site) {
    return answers.find(kind, site).isPresent();
  }

  /** Sites still present that have not sent a message of this kind. */
  Set<Fingerprint> withoutAnswer(Class<? extends FromSite> kind) {
    Set<Fingerprint> silent = new TreeSet<>(present);
    silent.removeIf(site -> has(kind, site));
    return silent;
  }

  /** Short: states are logged. */
  @Override
  public String toString() {
    return "attempt " + context.id() + " with " + present.size() + " sites";
  }
}
