package org.hanse.coordinator.authority;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import org.hanse.core.crypto.SigningKey;

/**
 * Who this coordinator is.
 *
 * @param authority whose certificates it trusts
 * @param signingKey signs results; its fingerprint is in every manifest
 */
public record CoordinatorKeys(
    TlsIdentity tls, ConsortiumAuthority authority, SigningKey signingKey) {

  /**
   * The server's end of TLS.
   *
   * @param chain its certificate first
   */
  public record TlsIdentity(List<X509Certificate> chain, PrivateKey key) {
    public TlsIdentity {
      chain = List.copyOf(chain);
    }

    /** Keeps the key out of logs. */
    @Override
    public String toString() {
      return "TLS identity " + chain.getFirst().getSubjectX500Principal();
    }
  }
}
