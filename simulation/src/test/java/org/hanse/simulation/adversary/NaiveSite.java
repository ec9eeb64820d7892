package org.hanse.simulation.adversary;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.hanse.core.crypto.MlKemKey;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.secagg.FromSite;

/**
 * A site's secrets of one attempt and what follows from them, by the {@link Reference}: made from
 * the random bytes that the site drew, so for the harness alone, or for a site that colludes.
 */
final class NaiveSite {
  private final Fingerprint name;
  private final Hash context;
  private final byte[] channel;
  private final byte[] maskSecret;
  private final byte[] selfMask;
  private final byte[] tagKey;

  private NaiveSite(Fingerprint name, Hash context, boolean hybrid, Secret secret) {
    this.name = name;
    this.context = context;
    this.channel = Reference.clamped(secret.of("c"));
    this.maskSecret = hybrid ? secret.of("a") : Reference.clamped(secret.of("s"));
    this.selfMask = secret.of("b");
    this.tagKey = secret.of("k");
    selfMask[31] &= 0x7f;
    maskSecret[31] &= 0x7f;
  }

  private interface Secret {
    byte[] of(String name);
  }

  Fingerprint name() {
    return name;
  }

  Hash context() {
    return context;
  }

  /** The X25519 scalar for boxes. */
  byte[] channel() {
    return channel.clone();
  }

  /** s: the clamped scalar, or in a hybrid suite the seed of both keys. */
  byte[] maskSecret() {
    return maskSecret.clone();
  }

  /** b. */
  byte[] selfMask() {
    return selfMask.clone();
  }

  /** k. */
  byte[] tagKey() {
    return tagKey.clone();
  }

  static NaiveSite of(Fingerprint name, Hash context, byte[] entropy, boolean hybrid) {
    return new NaiveSite(name, context, hybrid, what -> secret(name, context, entropy, what, 0));
  }

  private static byte[] secret(
      Fingerprint name, Hash context, byte[] entropy, String what, int number) {
    return Reference.derive(
        entropy,
        Reference.bytes(context),
        "flsa1/secret",
        Reference.bytes(name),
        Reference.text(what),
        Reference.u32(number));
  }

  /** All sharing polynomials: what a dealer deals. */
  static List<BigInteger> polynomial(
      NaiveSite site, byte[] entropy, FromSite.ShareKind kind, int threshold) {
    boolean self = kind == FromSite.ShareKind.SELF_MASK;
    List<BigInteger> polynomial = new ArrayList<>();
    polynomial.add(Reference.littleEndian(self ? site.selfMask() : site.maskSecret()));
    for (int power = 1; power < threshold; power++) {
      byte[] drawn =
          secret(site.name(), site.context(), entropy, self ? "poly-b" : "poly-s", power);
      polynomial.add(Reference.littleEndian(drawn).clearBit(255).mod(Reference.CURVE_PRIME));
    }
    return polynomial;
  }

  /** Keys of the self mask. */
  Reference.SegmentKey self(String lane) {
    return self(context, name, selfMask, lane);
  }

  /** Keys of the mask that follows from b. */
  static Reference.SegmentKey self(Hash context, Fingerprint name, byte[] selfMask, String lane) {
    return segment ->
        Reference.derive(
            selfMask,
            Reference.bytes(context),
            "flsa1/self",
            Reference.bytes(name),
            Reference.text(lane),
            Reference.u64(segment));
  }

  /** The X25519 scalar that follows from s. */
  static byte[] scalar(Hash context, byte[] maskSecret, boolean hybrid) {
    return hybrid ? derived(context, maskSecret, "flsa1/kx") : maskSecret;
  }

  private static byte[] derived(Hash context, byte[] maskSecret, String label, byte[]... fields) {
    return Reference.derive(maskSecret, Reference.bytes(context), label, fields);
  }

  /**
   * Keys of the mask between the owner of a mask secret and another site.
   *
   * @param dealt what the lower of the two put beside its box for the higher; in hybrid suites
   */
  static Reference.SegmentKey pair(
      Hash context,
      byte[] maskSecret,
      FromSite.Advertisement owner,
      FromSite.Advertisement other,
      Optional<Bytes> dealt,
      String lane) {
    boolean hybrid = owner.maskKey().mlKem().isPresent();
    boolean ownerIsLow = owner.site().compareTo(other.site()) < 0;
    FromSite.Advertisement low = ownerIsLow ? owner : other;
    FromSite.Advertisement high = ownerIsLow ? other : owner;
    byte[] classical =
        Reference.x25519(
            scalar(context, maskSecret, hybrid), other.maskKey().x25519().toByteArray());
    byte[] shared =
        hybrid
            ? Reference.join(
                classical, carried(context, maskSecret, ownerIsLow, high, dealt.orElseThrow()))
            : classical;
    byte[] bound =
        hybrid
            ? Reference.prefixed(
                high.maskKey().mlKem().orElseThrow().toByteArray(),
                Reference.sha256(dealt.orElseThrow().toByteArray()))
            : new byte[0];
    return segment ->
        Reference.deriveRaw(
            shared,
            Reference.bytes(context),
            Reference.join(
                Reference.prefixed(
                    Reference.text("flsa1/pair"),
                    Reference.bytes(low.site()),
                    Reference.bytes(high.site()),
                    low.maskKey().x25519().toByteArray(),
                    high.maskKey().x25519().toByteArray()),
                bound,
                Reference.prefixed(Reference.text(lane), Reference.u64(segment))));
  }

  /** ML-KEM's secret: what the lower site encapsulated, or what the higher one finds in it. */
  private static byte[] carried(
      Hash context,
      byte[] maskSecret,
      boolean ownerIsLow,
      FromSite.Advertisement high,
      Bytes dealt) {
    if (ownerIsLow) {
      byte[] coins = derived(context, maskSecret, "flsa1/kem-m", Reference.bytes(high.site()));
      return MlKemKey.encapsulate(high.maskKey().mlKem().orElseThrow(), SecretBytes.adopt(coins))
          .secret()
          .toByteArray();
    }
    return MlKemKey.fromSeeds(
            SecretBytes.adopt(derived(context, maskSecret, "flsa1/kem-d")),
            SecretBytes.adopt(derived(context, maskSecret, "flsa1/kem-z")))
        .decapsulate(dealt)
        .toByteArray();
  }

  /** The shares that t holders or more have given, put together. */
  static byte[] rebuilt(Map<Integer, byte[]> shares) {
    Map<Integer, BigInteger> points = new TreeMap<>();
    shares.forEach((holder, share) -> points.put(holder, Reference.littleEndian(share)));
    return Reference.littleEndian(Reference.secretOf(points));
  }
}
