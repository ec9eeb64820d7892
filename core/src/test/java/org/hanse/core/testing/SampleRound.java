package org.hanse.core.testing;

import java.nio.charset.StandardCharsets;
import org.hanse.core.crypto.Fields;
import org.hanse.core.crypto.KeyDerivation;
import org.hanse.core.crypto.LabelledHash;
import org.hanse.core.crypto.MaskStream;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.crypto.X25519Key;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;

/** The round of two sites, A and B, that the vectors of {@code flsa1.txt} describe. */
public final class SampleRound {
  public static final Fingerprint SITE_A = new Fingerprint(sha256("cert-A").bytes());
  public static final Fingerprint SITE_B = new Fingerprint(sha256("cert-B").bytes());
  public static final Hash MODEL = sha256("model");
  public static final Hash PLAN = sha256("plan");
  public static final Hash ROSTER =
      LabelledHash.hash("flsa1/roster", new Fields().fingerprint(SITE_A).fingerprint(SITE_B));
  public static final Hash CTX =
      LabelledHash.hash("flsa1/ctx", job().u64(7).u32(0).hash(MODEL).hash(PLAN).hash(ROSTER));
  public static final Hash ECTX =
      LabelledHash.hash("flsa1/ectx", job().u64(7).hash(MODEL).hash(PLAN));

  private SampleRound() {}

  /** Consecutive byte values. */
  public static SecretBytes run(int first, int size) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) (first + i);
    }
    return SecretBytes.adopt(bytes);
  }

  public static X25519Key maskKeyOfA() {
    return X25519Key.fromSecret(
        VectorFile.read("x25519.txt", "section-6.1-alice").secret("scalar"));
  }

  public static X25519Key maskKeyOfB() {
    return X25519Key.fromSecret(VectorFile.read("x25519.txt", "section-6.1-bob").secret("scalar"));
  }

  /** k_pair of A and B. */
  public static SecretBytes pairKey(String lane, long segment) {
    return KeyDerivation.derive(
        maskKeyOfA().agree(maskKeyOfB().publicKey()),
        CTX,
        "flsa1/pair",
        new Fields()
            .fingerprint(SITE_A)
            .fingerprint(SITE_B)
            .bytes(maskKeyOfA().publicKey())
            .bytes(maskKeyOfB().publicKey())
            .text(lane)
            .u64(segment));
  }

  /** k_self of A. */
  public static SecretBytes selfKey(String lane, long segment) {
    return KeyDerivation.derive(
        run(0, 32), CTX, "flsa1/self", new Fields().fingerprint(SITE_A).text(lane).u64(segment));
  }

  public static MaskStream pairStream(String lane) {
    return new MaskStream(segment -> pairKey(lane, segment));
  }

  public static MaskStream selfStream(String lane) {
    return new MaskStream(segment -> selfKey(lane, segment));
  }

  private static Fields job() {
    return new Fields().text("FLSA1-X25519-AES256CTR-Z32").text("job-0001");
  }

  private static Hash sha256(String text) {
    return LabelledHash.sha256(text.getBytes(StandardCharsets.UTF_8));
  }
}
