package org.hanse.simulation.adversary;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
  private final byte[] maskKey;
  private final byte[] selfMask;
  private final byte[] tagKey;

  private NaiveSite(Fingerprint name, Hash context, Secret secret) {
    this.name = name;
    this.context = context;
    this.channel = Reference.clamped(secret.of("c"));
    this.maskKey = Reference.clamped(secret.of("s"));
    this.selfMask = secret.of("b");
    this.tagKey = secret.of("k");
    selfMask[31] &= 0x7f;
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

  /** s, clamped. */
  byte[] maskKey() {
    return maskKey.clone();
  }

  /** b. */
  byte[] selfMask() {
    return selfMask.clone();
  }

  /** k. */
  byte[] tagKey() {
    return tagKey.clone();
  }

  static NaiveSite of(Fingerprint name, Hash context, byte[] entropy) {
    return new NaiveSite(name, context, what -> secret(name, context, entropy, what, 0));
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
    polynomial.add(Reference.littleEndian(self ? site.selfMask() : site.maskKey()));
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

  /** Keys of the mask between the owner of a mask key and another site. */
  static Reference.SegmentKey pair(
      Hash context,
      byte[] maskKey,
      FromSite.Advertisement owner,
      FromSite.Advertisement other,
      String lane) {
    byte[] shared = Reference.x25519(maskKey, other.maskKey().x25519().toByteArray());
    boolean ownerIsLow = owner.site().compareTo(other.site()) < 0;
    FromSite.Advertisement low = ownerIsLow ? owner : other;
    FromSite.Advertisement high = ownerIsLow ? other : owner;
    return segment ->
        Reference.derive(
            shared,
            Reference.bytes(context),
            "flsa1/pair",
            Reference.bytes(low.site()),
            Reference.bytes(high.site()),
            low.maskKey().x25519().toByteArray(),
            high.maskKey().x25519().toByteArray(),
            Reference.text(lane),
            Reference.u64(segment));
  }

  /** The shares that t holders or more have given, put together. */
  static byte[] rebuilt(Map<Integer, byte[]> shares) {
    Map<Integer, BigInteger> points = new TreeMap<>();
    shares.forEach((holder, share) -> points.put(holder, Reference.littleEndian(share)));
    return Reference.littleEndian(Reference.secretOf(points));
  }
}
