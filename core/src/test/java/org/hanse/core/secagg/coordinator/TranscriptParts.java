package org.hanse.core.secagg.coordinator;

import java.util.List;
import org.hanse.core.plan.Hash;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.RosterEntry;
import org.hanse.core.secagg.RoundTranscript;
import org.hanse.core.secagg.TestConsortium;
import org.hanse.core.secagg.ToSite;

/** A transcript to be changed. */
final class TranscriptParts {
  int attempt;
  Hash model;
  List<RosterEntry> roster;
  List<FromSite.Advertisement> keys;
  List<RoundTranscript.Dealt> dealt;
  List<ToSite.Survivor> survivors;
  List<ToSite.Endorsement> quorum;
  List<RoundTranscript.Released> releases;
  ToSite.Result result;
  List<RoundTranscript.Voted> verdicts;

  TranscriptParts(RoundTranscript honest) {
    this.attempt = honest.start().attempt().attempt();
    this.model = honest.start().modelHash();
    this.roster = honest.start().roster();
    this.keys = honest.keys();
    this.dealt = honest.dealt();
    this.survivors = honest.survivors();
    this.quorum = honest.quorum().endorsements();
    this.releases = honest.releases();
    this.result = honest.result();
    this.verdicts = honest.verdicts();
  }

  ToSite.RoundStart start() {
    return new ToSite.RoundStart(TestConsortium.attempt(7, attempt), model, roster);
  }

  RoundTranscript transcript() {
    return new RoundTranscript(
        start(), keys, dealt, survivors, new ToSite.Quorum(quorum), releases, result, verdicts);
  }
}
