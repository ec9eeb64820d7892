package org.hanse.simulation.authority;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;

/** Writes certificates and PKCS#8 keys as PEM (RFC 7468). */
final class Pem {
  private static final Base64.Encoder BASE64 = Base64.getMimeEncoder(64, new byte[] {'\n'});

  private Pem() {}

  static void writeCertificate(Path file, X509CertificateHolder certificate) throws IOException {
    Files.writeString(file, encode("CERTIFICATE", certificate.getEncoded()), US_ASCII);
  }

  static void writePrivateKey(Path file, PrivateKeyInfo key) throws IOException {
    SecretFile.write(file, encode("PRIVATE KEY", key.getEncoded()));
  }

  private static String encode(String label, byte[] der) {
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
        .formatted(label, BASE64.encodeToString(der));
  }
}
