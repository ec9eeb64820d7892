package org.hanse.client.storage;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;
import org.hanse.client.config.KeyFileException;
import org.hanse.client.config.PrivateFile;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.crypto.SigningKey;
import org.hanse.core.plan.Bytes;

/**
 * What proves who a site is, and the secret its rounding is drawn from.
 *
 * @param signingCertificate X.509 DER over {@code signingKey}
 * @param siteSecret 32 bytes
 */
public record SiteKeys(SigningKey signingKey, Bytes signingCertificate, SecretBytes siteSecret) {
  private static final int SITE_SECRET_BYTES = 32;

  /**
   * Reads the three files.
   *
   * @throws KeyFileException if one holds something else, if the certificate is another key's, or
   *     if others may read or change a secret file
   * @throws IOException if one cannot be read
   */
  public static SiteKeys read(Path certificateFile, Path keyFile, Path secretFile)
      throws IOException {
    SigningKey key = signingKey(keyFile);
    X509Certificate certificate = certificate(certificateFile);
    byte[] spki = certificate.getPublicKey().getEncoded();
    byte[] publicKey = key.publicKey().toByteArray();
    if (spki.length < publicKey.length
        || !Arrays.equals(
            Arrays.copyOfRange(spki, spki.length - publicKey.length, spki.length), publicKey)) {
      throw new KeyFileException(
          certificateFile + " is not the certificate of the key in " + keyFile);
    }
    try {
      return new SiteKeys(key, Bytes.of(certificate.getEncoded()), secret(secretFile));
    } catch (CertificateException e) {
      throw new KeyFileException(certificateFile + " holds no usable certificate", e);
    }
  }

  private static SigningKey signingKey(Path file) throws IOException {
    PrivateFile.check(file);
    try (PemReader reader = new PemReader(new StringReader(Files.readString(file)))) {
      PemObject pem = reader.readPemObject();
      if (pem != null
          && pem.getType().equals("PRIVATE KEY")
          && PrivateKeyFactory.createKey(pem.getContent())
              instanceof Ed25519PrivateKeyParameters parameters) {
        return SigningKey.fromSeed(SecretBytes.adopt(parameters.getEncoded()));
      }
    } catch (IllegalArgumentException e) {
      throw new KeyFileException(file + " holds no readable key", e);
    }
    throw new KeyFileException(file + " must hold one Ed25519 private key, PEM PKCS#8");
  }

  private static X509Certificate certificate(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    } catch (CertificateException e) {
      throw new KeyFileException(file + " must hold an X.509 certificate, PEM", e);
    }
  }

  private static SecretBytes secret(Path file) throws IOException {
    PrivateFile.check(file);
    byte[] digits = Files.readAllBytes(file);
    try {
      String hex = new String(digits, StandardCharsets.US_ASCII).strip();
      byte[] secret = HexFormat.of().parseHex(hex);
      if (secret.length == SITE_SECRET_BYTES) {
        return SecretBytes.adopt(secret);
      }
    } catch (IllegalArgumentException e) {
      throw new KeyFileException(file + " must hold 64 hexadecimal digits");
    } finally {
      Arrays.fill(digits, (byte) 0);
    }
    throw new KeyFileException(file + " must hold 64 hexadecimal digits");
  }
}
