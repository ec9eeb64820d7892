package org.hanse.core.secagg.coordinator;

import java.util.ArrayList;
import java.util.List;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.secagg.DealerSet;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.RoundTranscript;
import org.hanse.core.secagg.SurvivorSet;
import org.hanse.core.secagg.ToSite;

/** Makes a transcript of what a coordinator took. */
final class Transcripts {
  private Transcripts() {}

  static RoundTranscript of(Progress progress, AggregationState.Outcome outcome) {
    SurvivorSet survivors = outcome.agreement().survivors();
    DealerSet dealers = survivors.dealers();
    List<RoundTranscript.Dealt> dealt = new ArrayList<>();
    for (ToSite.SharerCommitment dealer : dealers.dealers()) {
      Fingerprint site = dealer.site();
      dealt.add(
          new RoundTranscript.Dealt(
              site, progress.answers().find(FromSite.Shares.class, site).orElseThrow()));
    }
    List<RoundTranscript.Released> releases = new ArrayList<>();
    progress
        .answers()
        .all(FromSite.Release.class)
        .forEach((site, message) -> releases.add(new RoundTranscript.Released(site, message)));
    List<RoundTranscript.Voted> verdicts = new ArrayList<>();
    progress
        .answers()
        .all(FromSite.Verdict.class)
        .forEach((site, message) -> verdicts.add(new RoundTranscript.Voted(site, message)));
    return new RoundTranscript(
        progress.context().start(),
        dealers.keys().advertisements(),
        dealt,
        survivors.survivors(),
        outcome.agreement().quorum(),
        releases,
        outcome.result(),
        verdicts);
  }
}
