package org.hanse.core.crypto;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.hanse.core.plan.Bytes;

/**
 * What others agree on a secret with: the public half of an {@link AgreementKey}.
 *
 * @param x25519 32 bytes
 * @param mlKem ML-KEM-768 encapsulation key, 1184 bytes; present in hybrid suites only
 */
public record AgreementPublicKey(Bytes x25519, Optional<Bytes> mlKem) {

  /** A key without ML-KEM beside it. */
  public static AgreementPublicKey classical(Bytes x25519) {
    return new AgreementPublicKey(x25519, Optional.empty());
  }

  /**
   * Whether it may be agreed with: the X25519 key in its only encoding and not of small order, and
   * in a hybrid suite, and only there, a valid ML-KEM key.
   */
  public boolean isUsable(boolean hybrid) {
    return X25519Key.canonical(x25519)
        && !X25519Key.isOfSmallOrder(x25519)
        && mlKem.isPresent() == hybrid
        && mlKem.map(MlKemKey::isValid).orElse(true);
  }

  /** The keys it consists of, of which no two sites have one in common. */
  public List<Bytes> parts() {
    List<Bytes> parts = new ArrayList<>(List.of(x25519));
    mlKem.ifPresent(parts::add);
    return parts;
  }

  /** Appends its parts, each as a field. */
  public Fields appendTo(Fields fields) {
    parts().forEach(fields::bytes);
    return fields;
  }
}
