package org.hanse.core.secagg;

import java.util.List;
import org.hanse.core.crypto.Fields;
import org.hanse.core.crypto.LabelledHash;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.RoundId;
import org.hanse.core.plan.Suite;

/**
 * The hashes that tie every key and signature to one job, round, attempt, model, manifest and
 * roster. Source: docs/protocol.md, "Encodings".
 */
public final class Contexts {
  private Contexts() {}

  /** plan_hash over the exact manifest bytes that were approved, never re-serialised. */
  public static Hash planHash(Bytes manifest) {
    return LabelledHash.hash("flsa1/plan", new Fields().bytes(manifest));
  }

  /** roster_hash; {@code roster} ascending. */
  public static Hash rosterHash(List<Fingerprint> roster) {
    Fields fields = new Fields();
    roster.forEach(fields::fingerprint);
    return LabelledHash.hash("flsa1/roster", fields);
  }

  /** ctx of an attempt; {@code roster} ascending. */
  public static Hash attempt(
      Suite suite, AttemptId attempt, Hash modelHash, Hash planHash, List<Fingerprint> roster) {
    return LabelledHash.hash(
        "flsa1/ctx",
        new Fields()
            .text(suite.protocolName())
            .text(attempt.round().job().value())
            .u64(attempt.round().round())
            .u32(attempt.attempt())
            .hash(modelHash)
            .hash(planHash)
            .hash(rosterHash(roster)));
  }

  /**
   * ectx of a round: without attempt and roster, so that a retry encodes the very same vector.
   * Rounding is keyed by it, {@link org.hanse.core.encode.RoundingKey}, and so are the signs of
   * {@link org.hanse.core.encode.HadamardRotation}.
   */
  public static Hash round(Suite suite, RoundId round, Hash modelHash, Hash planHash) {
    return LabelledHash.hash(
        "flsa1/ectx",
        new Fields()
            .text(suite.protocolName())
            .text(round.job().value())
            .u64(round.round())
            .hash(modelHash)
            .hash(planHash));
  }
}
