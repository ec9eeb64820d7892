package org.hanse.core.secagg.coordinator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.hanse.core.crypto.Fingerprints;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobManifest;
import org.hanse.core.secagg.Ascending;
import org.hanse.core.secagg.AttemptContext;
import org.hanse.core.secagg.AuditCheck;
import org.hanse.core.secagg.Contexts;
import org.hanse.core.secagg.DealerSet;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.JobTerms;
import org.hanse.core.secagg.KeySet;
import org.hanse.core.secagg.RosterEntry;
import org.hanse.core.secagg.RoundTranscript;
import org.hanse.core.secagg.SignedContent;
import org.hanse.core.secagg.SurvivorSet;
import org.hanse.core.secagg.ToSite;
import org.hanse.core.secagg.mask.Revelation;
import org.hanse.core.secagg.mask.Unmasker;

/**
 * Checks a transcript by taking every message of it once more, as a coordinator must take it:
 * whoever kept it is not trusted. Stateless. Source: docs/protocol.md, "Transcript and audit".
 */
public final class TranscriptVerifier {
  private final JobTerms terms;

  /** What came of it. */
  public sealed interface Finding {
    /** Every check of the transcript alone holds. */
    record Sound(CheckedRound round) implements Finding {}

    /**
     * Some check does not hold; later ones were not made.
     *
     * @param detail names sites by fingerprint; no secret
     */
    record Broken(AuditCheck check, String detail) implements Finding {}
  }

  /**
   * What the files beside the transcript must be.
   *
   * @param survivors whose uploads are in the sum, with the roots they signed
   * @param unmasker recomputes chunks of the sum; the caller erases it
   * @param nextModelHash what at least one honest site computed
   */
  public record CheckedRound(
      Hash context,
      List<ToSite.Survivor> survivors,
      Unmasker unmasker,
      Hash resultRoot,
      Hash nextModelHash) {
    public CheckedRound {
      survivors = List.copyOf(survivors);
    }
  }

  /** Ends a verification. */
  private static final class BrokenException extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient Finding.Broken finding;

    BrokenException(AuditCheck check, String detail) {
      super(detail, null, false, false);
      this.finding = new Finding.Broken(check, detail);
    }
  }

  /**
   * A verifier for one job.
   *
   * @param planHash {@link Contexts#planHash} over the manifest's exact bytes
   */
  public TranscriptVerifier(JobManifest manifest, Hash planHash) {
    this.terms = new JobTerms(manifest, planHash);
  }

  /** All checks that need nothing but the manifest. */
  public Finding verify(RoundTranscript transcript) {
    try {
      return new Finding.Sound(check(transcript));
    } catch (BrokenException e) {
      return e.finding;
    }
  }

  private CheckedRound check(RoundTranscript transcript) throws BrokenException {
    pass(AuditCheck.ROSTER, AggregationRules.roster(terms, transcript.start()));
    AttemptContext context = AttemptContext.of(terms, transcript.start());
    Set<Fingerprint> roster = Set.copyOf(context.roster().stream().map(RosterEntry::site).toList());
    Progress progress = new Progress(context, roster, Answers.NONE);
    progress = keys(progress, transcript.keys());
    KeySet keys = KeySet.of(transcript.keys());
    progress = shares(progress, keys, transcript.dealt());
    DealerSet dealers = DealerSet.of(keys, commitments(transcript.dealt()));
    progress = uploads(progress, dealers, transcript.survivors());
    SurvivorSet survivors = SurvivorSet.of(dealers, transcript.survivors());
    Hash statement = quorum(progress, survivors, transcript.quorum().endorsements());
    AggregationState.Agreement agreement =
        new AggregationState.Agreement(survivors, statement, transcript.quorum());
    SortedMap<Fingerprint, FromSite.Release> releases =
        releases(new AggregationState.Releasing(progress, agreement), transcript.releases());
    Unmasker unmasker = unmasker(progress, survivors, releases);
    try {
      result(context, statement, transcript.result());
      require(
          unmasker.tag0() == transcript.result().tag0()
              && unmasker.tag1() == transcript.result().tag1(),
          AuditCheck.TAGS,
          "T0 or T1 is another sum");
      Hash next = verdicts(progress, transcript.result(), transcript.verdicts());
      return new CheckedRound(
          context.hash(), transcript.survivors(), unmasker, transcript.result().resultRoot(), next);
    } catch (BrokenException e) {
      unmasker.erase();
      throw e;
    }
  }

  private Progress keys(Progress start, List<FromSite.Advertisement> ads) throws BrokenException {
    requireSet(AuditCheck.KEYS, ads.stream().map(FromSite.Advertisement::site).toList());
    Progress progress = start;
    for (FromSite.Advertisement ad : ads) {
      require(progress.context().holds(ad.site()), AuditCheck.KEYS, ad.site() + " is an outsider");
      pass(AuditCheck.KEYS, AggregationRules.advertisement(progress, ad.site(), ad));
      progress = progress.with(ad.site(), ad);
    }
    return progress;
  }

  private Progress shares(Progress start, KeySet keys, List<RoundTranscript.Dealt> dealt)
      throws BrokenException {
    requireSet(AuditCheck.SHARES, dealt.stream().map(RoundTranscript.Dealt::site).toList());
    Progress progress = start;
    for (RoundTranscript.Dealt dealer : dealt) {
      require(
          keys.find(dealer.site()).isPresent(), AuditCheck.SHARES, dealer.site() + " has no keys");
      pass(
          AuditCheck.SHARES,
          AggregationRules.shares(progress, keys, dealer.site(), dealer.shares()));
      progress = progress.with(dealer.site(), dealer.shares());
    }
    return progress;
  }

  private static List<ToSite.SharerCommitment> commitments(List<RoundTranscript.Dealt> dealt) {
    List<ToSite.SharerCommitment> commitments = new ArrayList<>();
    for (RoundTranscript.Dealt dealer : dealt) {
      commitments.add(
          new ToSite.SharerCommitment(
              dealer.site(), dealer.shares().entryRoot(), dealer.shares().signature()));
    }
    return commitments;
  }

  private Progress uploads(Progress start, DealerSet dealers, List<ToSite.Survivor> survivors)
      throws BrokenException {
    requireSet(AuditCheck.UPLOADS, survivors.stream().map(ToSite.Survivor::site).toList());
    Progress progress = start;
    for (ToSite.Survivor survivor : survivors) {
      Fingerprint site = survivor.site();
      require(dealers.holds(site), AuditCheck.UPLOADS, site + " dealt no shares");
      FromSite.UploadCommit commit =
          new FromSite.UploadCommit(
              survivor.root(),
              terms.chunking().chunkCount(),
              terms.chunking().lengthElements(),
              survivor.tag0(),
              survivor.tag1(),
              survivor.signature());
      pass(AuditCheck.UPLOADS, AggregationRules.upload(progress, dealers, site, commit));
      progress = progress.with(site, commit);
    }
    return progress;
  }

  private Hash quorum(
      Progress progress, SurvivorSet survivors, List<ToSite.Endorsement> endorsements)
      throws BrokenException {
    require(
        Ascending.isStrict(endorsements, ToSite.Endorsement::site)
            && endorsements.size() >= terms.cohort().threshold(),
        AuditCheck.QUORUM,
        endorsements.size() + " signatures of at least " + terms.cohort().threshold());
    Hash statement = endorsements.getFirst().statement();
    for (ToSite.Endorsement endorsement : endorsements) {
      Fingerprint site = endorsement.site();
      require(
          survivors.holds(site) && endorsement.statement().equals(statement),
          AuditCheck.QUORUM,
          site + " is no survivor or signed another statement");
      pass(
          AuditCheck.QUORUM,
          AggregationRules.confirmation(
              progress, site, new FromSite.Confirmation(statement, endorsement.signature())));
    }
    return statement;
  }

  private SortedMap<Fingerprint, FromSite.Release> releases(
      AggregationState.Releasing state, List<RoundTranscript.Released> released)
      throws BrokenException {
    require(
        Ascending.isStrict(released, RoundTranscript.Released::site)
            && released.size() >= terms.cohort().threshold(),
        AuditCheck.RELEASES,
        released.size() + " releases of at least " + terms.cohort().threshold());
    SortedMap<Fingerprint, FromSite.Release> releases = new TreeMap<>();
    for (RoundTranscript.Released one : released) {
      Fingerprint site = one.site();
      require(
          state.agreement().survivors().holds(site),
          AuditCheck.RELEASES,
          site + " did not survive");
      pass(AuditCheck.RELEASES, AggregationRules.release(state, site, one.release()));
      releases.put(site, one.release());
    }
    return releases;
  }

  private static Unmasker unmasker(
      Progress progress, SurvivorSet survivors, SortedMap<Fingerprint, FromSite.Release> releases)
      throws BrokenException {
    AttemptContext context = progress.context();
    try (Revelation revelation = Reconstruction.of(progress, survivors, releases)) {
      return revelation
          .unmasker(context, survivors)
          .orElseThrow(() ->
              new BrokenException(
                  AuditCheck.SECRETS,
                  "other secrets of " + revelation.mismatches(context, survivors)));
    }
  }

  private void result(AttemptContext context, Hash statement, ToSite.Result result)
      throws BrokenException {
    Fingerprint coordinator = terms.manifest().consortium().coordinator();
    boolean pinned =
        result.coordinatorKey().size() == Fingerprint.SIZE_BYTES
            && Fingerprints.of(result.coordinatorKey()).equals(coordinator);
    require(pinned, AuditCheck.RESULT, "another key than the manifest's coordinator");
    require(result.statement().equals(statement), AuditCheck.RESULT, "it is of another statement");
    require(
        SignedContent.result(result.statement(), result.resultRoot(), result.tag0(), result.tag1())
            .isSignedBy(
                new RosterEntry(coordinator, result.coordinatorKey()),
                context.hash(),
                result.signature()),
        AuditCheck.RESULT,
        "the coordinator's signature");
  }

  /** The model that more than c sites computed; with more than c refusals there is none. */
  private Hash verdicts(
      Progress progress, ToSite.Result result, List<RoundTranscript.Voted> verdicts)
      throws BrokenException {
    require(
        Ascending.isStrict(verdicts, RoundTranscript.Voted::site),
        AuditCheck.VERDICTS,
        "they are not ascending");
    Map<Hash, Integer> votes = new HashMap<>();
    int refusals = 0;
    for (RoundTranscript.Voted vote : verdicts) {
      require(
          progress.context().holds(vote.site()), AuditCheck.VERDICTS, vote.site() + " is outside");
      pass(
          AuditCheck.VERDICTS,
          AggregationRules.verdict(progress, result, vote.site(), vote.verdict()));
      if (vote.verdict().ok()) {
        votes.merge(vote.verdict().nextModelHash(), 1, Integer::sum);
      } else {
        refusals++;
      }
    }
    int colluding = terms.cohort().colludingSites();
    Optional<Map.Entry<Hash, Integer>> most =
        votes.entrySet().stream().max(Map.Entry.comparingByValue());
    require(
        most.isPresent() && most.get().getValue() > colluding && refusals <= colluding,
        AuditCheck.VERDICTS,
        votes.size() + " models, " + refusals + " refusals");
    return most.get().getKey();
  }

  private void requireSet(AuditCheck check, List<Fingerprint> sites) throws BrokenException {
    require(Ascending.isStrict(sites, site -> site), check, "the sites are not ascending");
    require(
        sites.size() >= terms.minimumSites(),
        check,
        sites.size() + " sites of at least " + terms.minimumSites());
  }

  private static void pass(AuditCheck check, Optional<Fault> fault) throws BrokenException {
    if (fault.isPresent()) {
      throw new BrokenException(check, fault.get().detail());
    }
  }

  private static void require(boolean holds, AuditCheck check, String detail)
      throws BrokenException {
    if (!holds) {
      throw new BrokenException(check, detail);
    }
  }
}
