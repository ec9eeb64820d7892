package org.hanse.core.secagg.site;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.hanse.core.crypto.AgreementPublicKey;
import org.hanse.core.crypto.Fingerprints;
import org.hanse.core.crypto.Mersenne61;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.secagg.Ascending;
import org.hanse.core.secagg.AttemptContext;
import org.hanse.core.secagg.DealerSet;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.JobTerms;
import org.hanse.core.secagg.KeySet;
import org.hanse.core.secagg.RosterEntry;
import org.hanse.core.secagg.SignedContent;
import org.hanse.core.secagg.SiteRefusal;
import org.hanse.core.secagg.SurvivorSet;
import org.hanse.core.secagg.ToSite;

/**
 * What a site checks of every message before it believes a word of it. The coordinator's word is an
 * input: every limit comes from the approved manifest, the site's own policy or its own journal.
 * Source: docs/protocol.md, "Messages".
 */
final class SiteRules {
  private final JobTerms terms;
  private final Fingerprint self;
  private final CohortFloor floor;

  SiteRules(JobTerms terms, Fingerprint self, CohortFloor floor) {
    this.terms = terms;
    this.self = self;
    this.floor = floor;
  }

  /** M0. */
  Optional<Refusal> start(SiteInput.Start input) {
    AttemptId attempt = input.message().attempt();
    if (!attempt.round().job().equals(terms.manifest().job())
        || attempt.round().round() > terms.manifest().training().rounds()) {
      return refuse(SiteRefusal.UNEXPECTED_MESSAGE, "the job has no round " + attempt.round());
    }
    if (attempt.attempt() >= terms.manifest().aggregation().retries().maxAttemptsPerRound()) {
      return refuse(SiteRefusal.TOO_MANY_ATTEMPTS, "attempt " + attempt.attempt());
    }
    return roster(input.message().roster())
        .or(() -> journal(attempt, input.message().modelHash(), input.history()))
        .or(() -> training(input));
  }

  private Optional<Refusal> roster(List<RosterEntry> roster) {
    if (!Ascending.isStrict(roster, RosterEntry::site)) {
      return refuse(SiteRefusal.ROSTER_INVALID, "the roster is not ascending");
    }
    for (RosterEntry entry : roster) {
      if (terms.manifest().consortium().memberByKey(entry.site()).isEmpty()) {
        return refuse(SiteRefusal.ROSTER_INVALID, entry.site() + " is no member");
      }
      if (!isKeyOf(entry.site(), entry.signingKey())) {
        return refuse(SiteRefusal.ROSTER_INVALID, "another key under the name " + entry.site());
      }
    }
    if (Ascending.indexOf(roster, RosterEntry::site, self) < 0) {
      return refuse(SiteRefusal.ROSTER_WITHOUT_SELF, "this site is not in the roster");
    }
    int minimum = terms.cohort().minimumRoster();
    if (roster.size() < minimum) {
      return refuse(
          SiteRefusal.COHORT_TOO_SMALL,
          "a roster of " + roster.size() + " sites, the manifest asks for " + minimum);
    }
    return ownFloor("roster", roster.stream().map(RosterEntry::site).toList());
  }

  private Optional<Refusal> ownFloor(String what, List<Fingerprint> sites) {
    return floor.allows(sites)
        ? Optional.empty()
        : refuse(
            SiteRefusal.COHORT_TOO_SMALL,
            "a " + what + " of " + sites.size() + " sites is against this site's policy " + floor);
  }

  private Optional<Refusal> journal(AttemptId attempt, Hash modelHash, SiteHistory history) {
    if (history.released(attempt.round()) || history.closed(attempt.round())) {
      return refuse(
          SiteRefusal.ROUND_ALREADY_RELEASED, "round " + attempt.round() + " is over here");
    }
    if (history.reached(attempt)) {
      return refuse(
          SiteRefusal.ATTEMPT_ALREADY_JOINED,
          "the journal holds attempt " + attempt + " or a later one");
    }
    long releases = history.releasesOn(modelHash);
    if (releases >= terms.manifest().aggregation().retries().maxReleasesPerModel()) {
      return refuse(
          SiteRefusal.MODEL_RELEASED_TOO_OFTEN,
          releases + " releases already started from model " + modelHash);
    }
    return Optional.empty();
  }

  private static Optional<Refusal> training(SiteInput.Start input) {
    ToSite.RoundStart message = input.message();
    if (!message.modelHash().equals(input.ownModelHash())) {
      return refuse(
          SiteRefusal.MODEL_MISMATCH,
          "announced " + message.modelHash() + ", trained on " + input.ownModelHash());
    }
    Optional<Hash> joinedWith = input.history().updateOf(message.attempt().round());
    if (joinedWith.isPresent() && !joinedWith.get().equals(input.updateHash())) {
      return refuse(
          SiteRefusal.UPDATE_CHANGED, "the round was joined with update " + joinedWith.get());
    }
    return Optional.empty();
  }

  /** M2: U1. */
  Optional<Refusal> keys(
      AttemptContext attempt, FromSite.Advertisement own, List<FromSite.Advertisement> ads) {
    Optional<Refusal> set =
        subset("U1", ads.stream().map(FromSite.Advertisement::site).toList(), attempt::holds);
    if (set.isPresent()) {
      return set;
    }
    Set<Bytes> seen = new HashSet<>();
    for (FromSite.Advertisement ad : ads) {
      for (AgreementPublicKey key : ad.keys()) {
        if (!key.isUsable(terms.suite().hybrid()) || !key.parts().stream().allMatch(seen::add)) {
          return refuse(SiteRefusal.KEY_INVALID, ad.site() + " has a repeated or unusable key");
        }
      }
      RosterEntry signer = attempt.entry(ad.site());
      if (!SignedContent.of(ad).isSignedBy(signer, attempt.hash(), ad.signature())) {
        return refuse(SiteRefusal.SIGNATURE_INVALID, "keys of " + ad.site());
      }
      if (ad.site().equals(self) && !ad.equals(own)) {
        return refuse(SiteRefusal.KEY_INVALID, "this site's own keys were changed");
      }
    }
    return Optional.empty();
  }

  /** M4: U2 and the proofs of the boxes, which are opened after this. */
  Optional<Refusal> dealers(
      AttemptContext attempt,
      DealerSet shared,
      FromSite.Shares own,
      List<ToSite.Delivery> deliveries) {
    KeySet keys = shared.keys();
    List<ToSite.SharerCommitment> dealers = shared.dealers();
    List<Fingerprint> sites = dealers.stream().map(ToSite.SharerCommitment::site).toList();
    Optional<Refusal> set = subset("U2", sites, site -> keys.find(site).isPresent());
    if (set.isPresent()) {
      return set;
    }
    List<Fingerprint> others = sites.stream().filter(site -> !site.equals(self)).toList();
    if (!deliveries.stream().map(ToSite.Delivery::dealer).toList().equals(others)) {
      return refuse(SiteRefusal.SHARE_INVALID, "not exactly one box of every other dealer");
    }
    for (ToSite.SharerCommitment dealer : dealers) {
      SignedContent content = SignedContent.shares(keys.hash(), dealer.entryRoot());
      if (!content.isSignedBy(attempt.entry(dealer.site()), attempt.hash(), dealer.signature())) {
        return refuse(SiteRefusal.SIGNATURE_INVALID, "shares of " + dealer.site());
      }
      if (dealer.site().equals(self) && !dealer.entryRoot().equals(own.entryRoot())) {
        return refuse(SiteRefusal.SHARE_INVALID, "this site's own boxes were changed");
      }
    }
    for (ToSite.Delivery delivery : deliveries) {
      if (!delivery.entry().to().equals(self) || !shared.proves(attempt.hash(), delivery)) {
        return refuse(
            SiteRefusal.SHARE_INVALID,
            "the box of " + delivery.dealer() + " is not under its root");
      }
    }
    return Optional.empty();
  }

  /** M6: U3. */
  Optional<Refusal> survivors(
      AttemptContext attempt,
      DealerSet dealers,
      FromSite.UploadCommit own,
      List<ToSite.Survivor> survivors) {
    List<Fingerprint> sites = survivors.stream().map(ToSite.Survivor::site).toList();
    Optional<Refusal> set = subset("U3", sites, dealers::holds).or(() -> ownFloor("U3", sites));
    if (set.isPresent()) {
      return set;
    }
    long length = terms.chunking().lengthElements();
    for (ToSite.Survivor survivor : survivors) {
      if (!Mersenne61.isElement(survivor.tag0()) || !Mersenne61.isElement(survivor.tag1())) {
        return refuse(SiteRefusal.SET_INVALID, "a tag of " + survivor.site() + " is out of range");
      }
      SignedContent content =
          SignedContent.upload(
              dealers.hash(), length, survivor.root(), survivor.tag0(), survivor.tag1());
      if (!content.isSignedBy(
          attempt.entry(survivor.site()), attempt.hash(), survivor.signature())) {
        return refuse(SiteRefusal.SIGNATURE_INVALID, "upload of " + survivor.site());
      }
      boolean altered =
          !survivor.root().equals(own.root())
              || survivor.tag0() != own.tag0()
              || survivor.tag1() != own.tag1();
      if (survivor.site().equals(self) && altered) {
        return refuse(SiteRefusal.OWN_UPLOAD_ALTERED, "this site's own root or tags were changed");
      }
    }
    return Optional.empty();
  }

  /** M8. */
  Optional<Refusal> quorum(
      AttemptContext attempt,
      SurvivorSet survivors,
      Hash statement,
      List<ToSite.Endorsement> endorsements) {
    int threshold = terms.cohort().threshold();
    if (!Ascending.isStrict(endorsements, ToSite.Endorsement::site)) {
      return refuse(SiteRefusal.QUORUM_INVALID, "the signatures are not ascending");
    }
    if (endorsements.size() < threshold) {
      return refuse(
          SiteRefusal.QUORUM_INVALID, endorsements.size() + " signatures of " + threshold);
    }
    for (ToSite.Endorsement endorsement : endorsements) {
      Fingerprint site = endorsement.site();
      if (!survivors.holds(site) || !endorsement.statement().equals(statement)) {
        return refuse(
            SiteRefusal.QUORUM_INVALID, site + " is no survivor or signed another statement");
      }
      if (!SignedContent.statement(statement)
          .isSignedBy(attempt.entry(site), attempt.hash(), endorsement.signature())) {
        return refuse(SiteRefusal.QUORUM_INVALID, "signature of " + site);
      }
    }
    return Ascending.indexOf(endorsements, ToSite.Endorsement::site, self) < 0
        ? refuse(SiteRefusal.QUORUM_INVALID, "this site's own signature is missing")
        : Optional.empty();
  }

  /** M10: whether the manifest's coordinator signed it in this attempt. */
  Optional<Refusal> resultSignature(AttemptContext attempt, ToSite.Result result) {
    Fingerprint coordinator = terms.manifest().consortium().coordinator();
    if (!isKeyOf(coordinator, result.coordinatorKey())) {
      return refuse(SiteRefusal.RESULT_FORGED, "another key than the manifest's coordinator");
    }
    SignedContent content =
        SignedContent.result(result.statement(), result.resultRoot(), result.tag0(), result.tag1());
    RosterEntry signer = new RosterEntry(coordinator, result.coordinatorKey());
    return content.isSignedBy(signer, attempt.hash(), result.signature())
        ? Optional.empty()
        : refuse(SiteRefusal.RESULT_FORGED, "the coordinator's signature");
  }

  /** M10, signed, before the sum itself is fetched. */
  static Optional<Refusal> result(Hash statement, ToSite.Result result) {
    if (!result.statement().equals(statement)) {
      return refuse(SiteRefusal.RESULT_FORGED, "the result is of another statement");
    }
    if (!Mersenne61.isElement(result.tag0()) || !Mersenne61.isElement(result.tag1())) {
      return refuse(SiteRefusal.RESULT_FORGED, "a tag of the sum is out of range");
    }
    return Optional.empty();
  }

  /** What U1, U2 and U3 have in common: ascending, inside the set before, with self, and enough. */
  private Optional<Refusal> subset(
      String what, List<Fingerprint> sites, Predicate<Fingerprint> isInSetBefore) {
    if (!Ascending.isStrict(sites, site -> site)) {
      return refuse(SiteRefusal.SET_INVALID, what + " is not ascending");
    }
    for (Fingerprint site : sites) {
      if (!isInSetBefore.test(site)) {
        return refuse(SiteRefusal.SET_INVALID, what + " holds the outsider " + site);
      }
    }
    if (!sites.contains(self)) {
      return refuse(SiteRefusal.SET_INVALID, what + " lacks this site");
    }
    int minimum = terms.minimumSites();
    return sites.size() < minimum
        ? refuse(
            SiteRefusal.COHORT_TOO_SMALL,
            what + " has " + sites.size() + " sites of at least " + minimum)
        : Optional.empty();
  }

  private static boolean isKeyOf(Fingerprint name, Bytes key) {
    return key.size() == Fingerprint.SIZE_BYTES && Fingerprints.of(key).equals(name);
  }

  private static Optional<Refusal> refuse(SiteRefusal reason, String detail) {
    return Optional.of(new Refusal(reason, detail));
  }
}
