package org.hanse.simulation.authority;

import java.io.IOException;
import java.nio.file.Path;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;

/** A certificate and its private key. */
public record Credential(X509CertificateHolder certificate, PrivateKeyInfo privateKey) {

  /** Writes {@code <name>.crt} and, for its owner's eyes only, {@code <name>.key}. */
  public void write(Path directory, String name) throws IOException {
    Pem.writeCertificate(directory.resolve(name + ".crt"), certificate);
    Pem.writePrivateKey(directory.resolve(name + ".key"), privateKey);
  }

  /** Names the private key only by its certificate. */
  @Override
  public String toString() {
    return "Credential[" + certificate.getSubject() + "]";
  }
}
