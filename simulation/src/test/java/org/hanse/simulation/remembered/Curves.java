package org.hanse.simulation.remembered;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * Curve25519 that computes nothing twice. In a simulated consortium everybody checks the same
 * signatures, and both ends of a pair work out the same secret. Thread-safe.
 */
public final class Curves {
  /** Several jobs' worth; then all is forgotten. */
  private static final int MOST_REMEMBERED = 20_000;

  private static final Map<ByteBuffer, Boolean> SIGNATURES = new ConcurrentHashMap<>();
  private static final Map<ByteBuffer, ByteBuffer> PUBLIC_KEYS = new ConcurrentHashMap<>();
  private static final Map<ByteBuffer, byte[]> SECRETS = new ConcurrentHashMap<>();

  private Curves() {}

  /** {@link Ed25519#sign(byte[], int, byte[], int, byte[], int, int, byte[], int)}. */
  public static void sign(
      byte[] seed,
      int seedFrom,
      byte[] publicKey,
      int publicKeyFrom,
      byte[] message,
      int messageFrom,
      int messageSize,
      byte[] signature,
      int signatureFrom) {
    Ed25519.sign(
        seed,
        seedFrom,
        publicKey,
        publicKeyFrom,
        message,
        messageFrom,
        messageSize,
        signature,
        signatureFrom);
    // What was just signed verifies: the tests of core.crypto see to that.
    remember(
        SIGNATURES,
        joined(
            ByteBuffer.wrap(signature, signatureFrom, Ed25519.SIGNATURE_SIZE),
            ByteBuffer.wrap(publicKey, publicKeyFrom, Ed25519.PUBLIC_KEY_SIZE),
            ByteBuffer.wrap(message, messageFrom, messageSize)),
        true);
  }

  /** {@link Ed25519#verify(byte[], int, byte[], int, byte[], int, int)}. */
  public static boolean verify(
      byte[] signature,
      int signatureFrom,
      byte[] publicKey,
      int publicKeyFrom,
      byte[] message,
      int messageFrom,
      int messageSize) {
    ByteBuffer asked =
        joined(
            ByteBuffer.wrap(signature, signatureFrom, Ed25519.SIGNATURE_SIZE),
            ByteBuffer.wrap(publicKey, publicKeyFrom, Ed25519.PUBLIC_KEY_SIZE),
            ByteBuffer.wrap(message, messageFrom, messageSize));
    Boolean known = SIGNATURES.get(asked);
    if (known == null) {
      known =
          Ed25519.verify(
              signature,
              signatureFrom,
              publicKey,
              publicKeyFrom,
              message,
              messageFrom,
              messageSize);
      remember(SIGNATURES, asked, known);
    }
    return known;
  }

  /** {@link X25519#scalarMultBase(byte[], int, byte[], int)}. */
  public static void scalarMultBase(byte[] scalar, int scalarFrom, byte[] result, int resultFrom) {
    X25519.scalarMultBase(scalar, scalarFrom, result, resultFrom);
    remember(
        PUBLIC_KEYS,
        joined(ByteBuffer.wrap(scalar, scalarFrom, X25519.SCALAR_SIZE)),
        joined(ByteBuffer.wrap(result, resultFrom, X25519.POINT_SIZE)));
  }

  /** {@link X25519#calculateAgreement(byte[], int, byte[], int, byte[], int)}. */
  public static boolean calculateAgreement(
      byte[] scalar, int scalarFrom, byte[] point, int pointFrom, byte[] result, int resultFrom) {
    ByteBuffer secret = joined(ByteBuffer.wrap(scalar, scalarFrom, X25519.SCALAR_SIZE));
    ByteBuffer peer = joined(ByteBuffer.wrap(point, pointFrom, X25519.POINT_SIZE));
    ByteBuffer own = PUBLIC_KEYS.get(secret);
    // Of two key pairs of this world, either end's scalar gives the same.
    ByteBuffer asked =
        own == null
            ? joined(secret, peer)
            : own.compareTo(peer) < 0 ? joined(own, peer) : joined(peer, own);
    byte[] known = SECRETS.get(asked);
    if (known == null) {
      known = new byte[X25519.POINT_SIZE];
      X25519.calculateAgreement(scalar, scalarFrom, point, pointFrom, known, 0);
      remember(SECRETS, asked, known);
    }
    System.arraycopy(known, 0, result, resultFrom, known.length);
    return !Arrays.equals(known, new byte[known.length]);
  }

  private static <K, V> void remember(Map<K, V> memory, K asked, V answer) {
    if (memory.size() >= MOST_REMEMBERED) {
      memory.clear();
    }
    memory.put(asked, answer);
  }

  private static ByteBuffer joined(ByteBuffer... parts) {
    ByteBuffer all =
        ByteBuffer.allocate(Arrays.stream(parts).mapToInt(ByteBuffer::remaining).sum());
    for (ByteBuffer part : parts) {
      all.put(part.duplicate());
    }
    return all.flip();
  }
}
