package org.hanse.core.secagg;

import java.util.List;
import org.hanse.core.plan.Fingerprint;

/**
 * Everything that was signed in an attempt which brought a result: enough to check the attempt
 * without trusting whoever kept it. Lists are ascending by site. Immutable.
 *
 * @param start M0
 * @param keys M1 of U1
 * @param dealt M3 of U2
 * @param survivors M5 of U3
 * @param quorum M7 on the statement that t sites signed
 * @param releases M9, at least t
 * @param result M10
 * @param verdicts M11 that were in when the attempt closed
 */
public record RoundTranscript(
    ToSite.RoundStart start,
    List<FromSite.Advertisement> keys,
    List<Dealt> dealt,
    List<ToSite.Survivor> survivors,
    ToSite.Quorum quorum,
    List<Released> releases,
    ToSite.Result result,
    List<Voted> verdicts) {
  public RoundTranscript {
    keys = List.copyOf(keys);
    dealt = List.copyOf(dealt);
    survivors = List.copyOf(survivors);
    releases = List.copyOf(releases);
    verdicts = List.copyOf(verdicts);
  }

  /** M3 and whose it is. */
  public record Dealt(Fingerprint site, FromSite.Shares shares) {}

  /** M9 and whose it is. */
  public record Released(Fingerprint site, FromSite.Release release) {}

  /** M11 and whose it is. */
  public record Voted(Fingerprint site, FromSite.Verdict verdict) {}
}
