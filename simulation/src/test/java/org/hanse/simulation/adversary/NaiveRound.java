package org.hanse.simulation.adversary;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.hanse.core.crypto.AgreementPublicKey;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.Ring;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.FromSite.ShareKind;
import org.hanse.core.secagg.RosterEntry;
import org.hanse.core.secagg.ToSite;

/**
 * A round that the machines ran, computed once more by the {@link Reference} from the sites' random
 * bytes and updates, and at the coordinator's side from what was released.
 */
final class NaiveRound {
  static final AttemptId ATTEMPT = TestConsortium.attempt(1, 0);

  final Federation federation;
  final ByName<FromSite.Advertisement> keys = new ByName<>();
  final ByName<FromSite.Shares> dealt = new ByName<>();
  final ByName<FromSite.UploadCommit> commits = new ByName<>();
  final ByName<FromSite.Release> releases = new ByName<>();
  final ByName<NaiveSite> secrets = new ByName<>();
  final List<ToSite.Result> results = new ArrayList<>();

  private final List<ToSite.SharesFor> deliveries = new ArrayList<>();
  private final List<Fingerprint> roster;
  private final Hash context;
  private final Ring ring;

  /** Runs attempt 0 of round 1 among all. */
  NaiveRound(Federation federation) {
    this.federation = federation;
    this.ring = federation.consortium.ring();
    this.roster = federation.consortium.roster().stream().map(RosterEntry::site).toList();
    this.context = Knowledge.contextOf(federation.consortium, ATTEMPT, roster);
    for (SimulatedSite site : federation.sites) {
      secrets.put(
          site.name(), NaiveSite.of(site.name(), context, site.entropy(ATTEMPT), isHybrid()));
    }
    federation.hookToSites((to, message) -> {
      if (message instanceof ToSite.Result result) {
        results.add(result);
      } else if (message instanceof ToSite.SharesFor shares) {
        deliveries.add(shares);
      }
      return List.of(message);
    });
    federation.hookFromSites((from, message) -> {
      switch (message) {
        case FromSite.Advertisement ad -> keys.put(from.name(), ad);
        case FromSite.Shares shares -> dealt.put(from.name(), shares);
        case FromSite.UploadCommit commit -> commits.put(from.name(), commit);
        case FromSite.Release release -> releases.put(from.name(), release);
        default -> {}
      }
      return List.of(message);
    });
    federation.run();
  }

  private List<ToSite.SharerCommitment> dealers() {
    return deliveries.getFirst().sharers();
  }

  /** U2. */
  private List<Fingerprint> dealerNames() {
    return dealers().stream().map(ToSite.SharerCommitment::site).toList();
  }

  // ----- sites -----

  /** y = x + self mask + masks with higher sites - masks with lower ones, in the ring. */
  RingVector upload(Fingerprint site) {
    int[] plain = federation.site(site).update(ATTEMPT.round()).toArray();
    int[] masked = new int[plain.length];
    for (int i = 0; i < plain.length; i++) {
      BigInteger sum = BigInteger.valueOf(plain[i]);
      sum = sum.add(Reference.element(ring, secrets.get(site).self("vec"), i));
      for (Fingerprint peer : dealerNames()) {
        if (!peer.equals(site)) {
          BigInteger mask = Reference.element(ring, pair(site, peer, "vec"), i);
          sum = site.compareTo(peer) < 0 ? sum.add(mask) : sum.subtract(mask);
        }
      }
      masked[i] = sum.mod(Reference.order(ring)).intValue();
    }
    return new RingVector(ring, masked);
  }

  private Reference.SegmentKey pair(Fingerprint site, Fingerprint peer, String lane) {
    return NaiveSite.pair(
        context,
        secrets.get(site).maskSecret(),
        keys.get(site),
        keys.get(peer),
        encapsulation(site, peer),
        lane);
  }

  boolean isHybrid() {
    return federation.consortium.manifest().aggregation().suite().hybrid();
  }

  /** What the lower of the two dealt the higher. */
  private Optional<Bytes> encapsulation(Fingerprint a, Fingerprint b) {
    Fingerprint low = a.compareTo(b) < 0 ? a : b;
    Fingerprint high = a.compareTo(b) < 0 ? b : a;
    return dealt.get(low).entries().stream()
        .filter(entry -> entry.to().equals(high))
        .findFirst()
        .orElseThrow()
        .maskEncapsulation();
  }

  /** The dot product with r, the pad and the masks of the tag lane, modulo 2^61-1. */
  BigInteger tag(Fingerprint site, int tag) {
    BigInteger sum = dot(federation.site(site).update(ATTEMPT.round()), tag).add(pad(site, tag));
    sum = sum.add(Reference.word61(secrets.get(site).self("tag"), tag));
    for (Fingerprint peer : dealerNames()) {
      if (!peer.equals(site)) {
        BigInteger mask = Reference.word61(pair(site, peer, "tag"), tag);
        sum = site.compareTo(peer) < 0 ? sum.add(mask) : sum.subtract(mask);
      }
    }
    return sum.mod(Reference.TAG_PRIME);
  }

  private BigInteger dot(RingVector vector, int tag) {
    BigInteger sum = BigInteger.ZERO;
    for (int i = 0; i < vector.size(); i++) {
      BigInteger word =
          Reference.word61(
              segment ->
                  Reference.derive(
                      tagKey(),
                      Reference.bytes(context),
                      "flsa1/r",
                      Reference.u8(tag),
                      Reference.u64(segment)),
              i);
      sum = sum.add(word.multiply(BigInteger.valueOf(vector.get(i))));
    }
    return sum;
  }

  private BigInteger pad(Fingerprint site, int tag) {
    byte[] words =
        Reference.derive(tagKey(), Reference.bytes(context), "flsa1/pad", Reference.bytes(site));
    return Reference.mod61(ByteBuffer.wrap(words).order(ByteOrder.LITTLE_ENDIAN).getLong(8 * tag));
  }

  /** K, from the parts of all dealers. */
  private byte[] tagKey() {
    byte[] parts = new byte[0];
    for (Fingerprint dealer : dealerNames()) {
      parts = Reference.join(parts, secrets.get(dealer).tagKey());
    }
    return Reference.derive(parts, Reference.bytes(context), "flsa1/K", dealerSetHash());
  }

  private byte[] dealerSetHash() {
    return dealerSetHash(keys, dealers());
  }

  /** U2hash. */
  static byte[] dealerSetHash(
      ByName<FromSite.Advertisement> keys, List<ToSite.SharerCommitment> dealers) {
    byte[] fields = new byte[0];
    for (Fingerprint site : keys.names()) {
      FromSite.Advertisement ad = keys.get(site);
      fields =
          Reference.join(
              fields,
              Reference.prefixed(Reference.bytes(ad.site())),
              prefixed(ad.channelKey()),
              prefixed(ad.maskKey()),
              Reference.prefixed(
                  Reference.bytes(ad.selfMaskCommitment()),
                  Reference.bytes(ad.tagKeyCommitment())));
    }
    byte[] label = Reference.prefixed(Reference.text("flsa1/u1"));
    byte[] second = Reference.prefixed(Reference.sha256(Reference.join(label, fields)));
    for (ToSite.SharerCommitment sharer : dealers) {
      second =
          Reference.join(
              second,
              Reference.prefixed(
                  Reference.bytes(sharer.site()), Reference.bytes(sharer.entryRoot())));
    }
    return Reference.sha256(Reference.join(Reference.prefixed(Reference.text("flsa1/u2")), second));
  }

  private static byte[] prefixed(AgreementPublicKey key) {
    byte[] classical = Reference.prefixed(key.x25519().toByteArray());
    return key.mlKem()
        .map(kem -> Reference.join(classical, Reference.prefixed(kem.toByteArray())))
        .orElse(classical);
  }

  /** What the holder should have released of its peers' secrets, from the dealers' polynomials. */
  List<byte[]> shares(Fingerprint holder) {
    List<byte[]> shares = new ArrayList<>();
    for (FromSite.ReleasedShare share : releases.get(holder).shares()) {
      Fingerprint dealer = roster.get(share.peerIndex() - 1);
      List<BigInteger> polynomial =
          NaiveSite.polynomial(
              secrets.get(dealer),
              federation.site(dealer).entropy(ATTEMPT),
              share.kind(),
              federation.consortium.threshold());
      shares.add(
          Reference.littleEndian(Reference.evaluate(polynomial, roster.indexOf(holder) + 1)));
    }
    return shares;
  }

  // ----- the coordinator -----

  /** The uploads' sum less self masks and the masks of dropouts, from what was released alone. */
  RingVector unmasked() {
    int length = federation.sum().size();
    int[] elements = new int[length];
    for (int i = 0; i < length; i++) {
      BigInteger sum = BigInteger.ZERO;
      for (Fingerprint survivor : commits.names()) {
        RingVector upload = RingVector.ofBytes(ring, federation.spool(ATTEMPT).get(survivor));
        sum = sum.add(BigInteger.valueOf(upload.get(i)));
        sum = sum.subtract(Reference.element(ring, selfKeys(survivor, "vec"), i));
        for (Fingerprint dropout : dropouts()) {
          BigInteger mask = Reference.element(ring, dropoutKeys(dropout, survivor, "vec"), i);
          sum = survivor.compareTo(dropout) < 0 ? sum.subtract(mask) : sum.add(mask);
        }
      }
      elements[i] = sum.mod(Reference.order(ring)).intValue();
    }
    return new RingVector(ring, elements);
  }

  BigInteger unmaskedTag(int tag) {
    BigInteger sum = BigInteger.ZERO;
    for (Fingerprint survivor : commits.names()) {
      FromSite.UploadCommit commit = commits.get(survivor);
      sum = sum.add(BigInteger.valueOf(tag == 0 ? commit.tag0() : commit.tag1()));
      sum = sum.subtract(Reference.word61(selfKeys(survivor, "tag"), tag));
      for (Fingerprint dropout : dropouts()) {
        BigInteger mask = Reference.word61(dropoutKeys(dropout, survivor, "tag"), tag);
        sum = survivor.compareTo(dropout) < 0 ? sum.subtract(mask) : sum.add(mask);
      }
    }
    return sum.mod(Reference.TAG_PRIME);
  }

  private List<Fingerprint> dropouts() {
    return dealerNames().stream().filter(dealer -> !commits.has(dealer)).toList();
  }

  /** Of b as its owner released it, or as t of the others' shares give it. */
  private Reference.SegmentKey selfKeys(Fingerprint survivor, String lane) {
    byte[] selfMask =
        releases.has(survivor)
            ? releases.get(survivor).selfMask().toByteArray()
            : rebuilt(survivor, ShareKind.SELF_MASK);
    return NaiveSite.self(context, survivor, selfMask, lane);
  }

  private Reference.SegmentKey dropoutKeys(Fingerprint dropout, Fingerprint peer, String lane) {
    byte[] maskKey = rebuilt(dropout, ShareKind.MASK_KEY);
    return NaiveSite.pair(
        context, maskKey, keys.get(dropout), keys.get(peer), encapsulation(dropout, peer), lane);
  }

  private byte[] rebuilt(Fingerprint site, ShareKind kind) {
    Map<Integer, byte[]> shares = new TreeMap<>();
    for (Fingerprint holder : releases.names()) {
      releases.get(holder).shares().stream()
          .filter(share -> share.kind() == kind)
          .filter(share -> roster.get(share.peerIndex() - 1).equals(site))
          .forEach(share -> shares.put(roster.indexOf(holder) + 1, share.share().toByteArray()));
    }
    return NaiveSite.rebuilt(shares);
  }
}
