package org.hanse.core.secagg.coordinator;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.hanse.core.crypto.AgreementPublicKey;
import org.hanse.core.crypto.Fingerprints;
import org.hanse.core.crypto.Mersenne61;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobManifest;
import org.hanse.core.secagg.Ascending;
import org.hanse.core.secagg.AttemptContext;
import org.hanse.core.secagg.Commitments;
import org.hanse.core.secagg.DealerSet;
import org.hanse.core.secagg.DropReason;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.JobTerms;
import org.hanse.core.secagg.KeySet;
import org.hanse.core.secagg.RosterEntry;
import org.hanse.core.secagg.SignedContent;
import org.hanse.core.secagg.SurvivorSet;
import org.hanse.core.secagg.ToSite;
import org.hanse.core.shamir.ShamirSharing;
import org.hanse.core.vector.Chunking;

/**
 * What a coordinator checks of every message, so that it leaves the offender out instead of letting
 * the sites abort over it.
 */
final class AggregationRules {
  private AggregationRules() {}

  /** M0, which is the coordinator's own: whether the manifest allows it. */
  static Optional<Fault> roster(JobTerms terms, ToSite.RoundStart start) {
    AttemptId attempt = start.attempt();
    JobManifest manifest = terms.manifest();
    if (!attempt.round().job().equals(manifest.job())
        || attempt.round().round() > manifest.training().rounds()
        || attempt.attempt() >= manifest.aggregation().retries().maxAttemptsPerRound()) {
      return fault(DropReason.WRONG_SET, "the manifest allows no attempt " + attempt);
    }
    List<RosterEntry> roster = start.roster();
    if (roster.size() < terms.cohort().minimumRoster()
        || !Ascending.isStrict(roster, RosterEntry::site)) {
      return fault(DropReason.WRONG_SET, "roster of " + roster.size() + " too small or unordered");
    }
    for (RosterEntry entry : roster) {
      if (manifest.consortium().memberByKey(entry.site()).isEmpty()
          || !Fingerprints.of(entry.signingKey()).equals(entry.site())) {
        return fault(DropReason.WRONG_SET, "no member, or not its key: " + entry.site());
      }
    }
    return Optional.empty();
  }

  /** M1. */
  static Optional<Fault> advertisement(
      Progress progress, Fingerprint from, FromSite.Advertisement ad) {
    if (!ad.site().equals(from)) {
      return fault(DropReason.SIGNATURE_INVALID, "keys in the name of " + ad.site());
    }
    Set<Bytes> seen = new HashSet<>();
    for (FromSite.Advertisement other :
        progress.answers().all(FromSite.Advertisement.class).values()) {
      other.keys().forEach(key -> seen.addAll(key.parts()));
    }
    boolean hybrid = progress.context().terms().suite().hybrid();
    for (AgreementPublicKey key : ad.keys()) {
      if (!key.isUsable(hybrid) || !key.parts().stream().allMatch(seen::add)) {
        return fault(DropReason.KEY_INVALID, "a key is repeated or unusable");
      }
    }
    return signature(progress, from, SignedContent.of(ad), ad.signature());
  }

  /** M3. */
  static Optional<Fault> shares(
      Progress progress, KeySet keys, Fingerprint from, FromSite.Shares message) {
    if (!message.rosterHash().equals(keys.hash())) {
      return fault(DropReason.WRONG_SET, "shares for another U1");
    }
    List<Fingerprint> holders =
        keys.peersOf(from).stream().map(FromSite.Advertisement::site).toList();
    if (!message.entries().stream().map(FromSite.ShareEntry::to).toList().equals(holders)) {
      return fault(DropReason.WRONG_SET, "not exactly one box for every other site, ascending");
    }
    for (FromSite.ShareEntry entry : message.entries()) {
      if (!entry.isWellFormed(progress.context().terms().suite(), from)) {
        return fault(DropReason.WRONG_LENGTH, "the box for " + entry.to());
      }
    }
    Hash root = Commitments.entryRoot(progress.context().hash(), from, message.entries());
    if (!root.equals(message.entryRoot())) {
      return fault(DropReason.WRONG_ROOT, "root of the boxes");
    }
    return signature(progress, from, SignedContent.shares(keys.hash(), root), message.signature());
  }

  /** M5; the spool has found root and count to be those of the chunks. */
  static Optional<Fault> upload(
      Progress progress, DealerSet dealers, Fingerprint from, FromSite.UploadCommit message) {
    Chunking chunking = progress.context().terms().chunking();
    if (message.lengthElements() != chunking.lengthElements()
        || message.chunkCount() != chunking.chunkCount()) {
      return fault(
          DropReason.WRONG_LENGTH,
          message.lengthElements()
              + " elements in "
              + message.chunkCount()
              + " chunks instead of "
              + chunking);
    }
    if (!Mersenne61.isElement(message.tag0()) || !Mersenne61.isElement(message.tag1())) {
      return fault(DropReason.WRONG_LENGTH, "a tag above 2^61-2");
    }
    SignedContent content =
        SignedContent.upload(
            dealers.hash(),
            message.lengthElements(),
            message.root(),
            message.tag0(),
            message.tag1());
    return signature(progress, from, content, message.signature());
  }

  /** In place of M5. That the box is bad is the holder's word: nobody else can open it. */
  static Optional<Fault> complaint(
      Progress progress, DealerSet dealers, Fingerprint from, FromSite.Complaint message) {
    if (message.dealer().equals(from) || !dealers.holds(message.dealer())) {
      return fault(DropReason.WRONG_SET, message.dealer() + " dealt this site no box");
    }
    if (progress.has(FromSite.UploadCommit.class, from)) {
      return fault(DropReason.LATE, "the site has used its boxes");
    }
    return signature(
        progress,
        from,
        SignedContent.complaint(message.dealer(), message.reason()),
        message.signature());
  }

  /** M7. */
  static Optional<Fault> confirmation(
      Progress progress, Fingerprint from, FromSite.Confirmation message) {
    return signature(
        progress, from, SignedContent.statement(message.statement()), message.signature());
  }

  /** M9. */
  static Optional<Fault> release(
      AggregationState.Releasing state, Fingerprint from, FromSite.Release message) {
    Progress progress = state.progress();
    SurvivorSet survivors = state.agreement().survivors();
    KeySet keys = survivors.dealers().keys();
    Hash context = progress.context().hash();
    List<Fingerprint> peers = survivors.dealers().peersOf(from);
    if (!describes(message.shares(), progress.context(), survivors, peers)) {
      return fault(DropReason.WRONG_SET, "not exactly one share of the right kind of every peer");
    }
    SecretBytes selfMask = SecretBytes.adopt(message.selfMask().toByteArray());
    if (!Commitments.selfMask(context, from, selfMask).equals(keys.of(from).selfMaskCommitment())) {
      return fault(DropReason.SHARE_INVALID, "another self mask than was committed to");
    }
    for (int i = 0; i < peers.size(); i++) {
      FromSite.ReleasedShare share = message.shares().get(i);
      if (!isShareOf(progress, keys, new Handover(peers.get(i), from), share)) {
        return fault(DropReason.SHARE_INVALID, "another share than " + peers.get(i) + " dealt");
      }
    }
    SignedContent content =
        SignedContent.release(state.agreement().statement(), message.selfMask(), message.shares());
    return signature(progress, from, content, message.signature());
  }

  private record Handover(Fingerprint dealer, Fingerprint holder) {}

  private static boolean describes(
      List<FromSite.ReleasedShare> shares,
      AttemptContext context,
      SurvivorSet survivors,
      List<Fingerprint> peers) {
    List<Integer> expectedIndices = new ArrayList<>();
    List<FromSite.ShareKind> expectedKinds = new ArrayList<>();
    for (Fingerprint peer : peers) {
      expectedIndices.add(context.abscissa(peer));
      expectedKinds.add(
          survivors.holds(peer) ? FromSite.ShareKind.SELF_MASK : FromSite.ShareKind.MASK_KEY);
    }
    return shares.stream().map(FromSite.ReleasedShare::peerIndex).toList().equals(expectedIndices)
        && shares.stream().map(FromSite.ReleasedShare::kind).toList().equals(expectedKinds);
  }

  private static boolean isShareOf(
      Progress progress, KeySet keys, Handover handover, FromSite.ReleasedShare released) {
    FromSite.Shares dealt =
        progress.answers().find(FromSite.Shares.class, handover.dealer()).orElseThrow();
    FromSite.ShareEntry entry =
        dealt.entries().get(keys.boxIndex(handover.dealer(), handover.holder()));
    SecretBytes share = SecretBytes.adopt(released.share().toByteArray());
    Hash commitment =
        switch (released.kind()) {
          case SELF_MASK -> entry.selfShareHash();
          case MASK_KEY -> entry.maskShareHash();
        };
    return ShamirSharing.isElement(share)
        && Commitments.share(
                progress.context().hash(),
                handover.dealer(),
                handover.holder(),
                released.kind(),
                share)
            .equals(commitment);
  }

  /** M11. */
  static Optional<Fault> verdict(
      Progress progress, ToSite.Result result, Fingerprint from, FromSite.Verdict message) {
    if (!message.resultRoot().equals(result.resultRoot())) {
      return fault(DropReason.WRONG_ROOT, "a verdict on another result");
    }
    return signature(
        progress,
        from,
        SignedContent.verdict(message.ok(), message.resultRoot(), message.nextModelHash()),
        message.signature());
  }

  private static Optional<Fault> signature(
      Progress progress, Fingerprint from, SignedContent content, Bytes signature) {
    AttemptContext context = progress.context();
    return content.isSignedBy(context.entry(from), context.hash(), signature)
        ? Optional.empty()
        : fault(DropReason.SIGNATURE_INVALID, "signature of " + from);
  }

  private static Optional<Fault> fault(DropReason reason, String detail) {
    return Optional.of(new Fault(reason, detail));
  }
}
