package org.hanse.coordinator.authority;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.crypto.SigningKey;

/** Certificates and PKCS#8 keys in PEM files (RFC 7468). */
public final class PemFiles {
  private static final int MAX_FILE_BYTES = 1 << 20;
  private static final Pattern KEY =
      Pattern.compile(
          "-----BEGIN PRIVATE KEY-----\\s+(?<body>[A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

  private PemFiles() {}

  /**
   * All certificates of a file, at least one.
   *
   * @throws IOException naming the file, if it cannot be read or holds none
   */
  public static List<X509Certificate> certificates(Path file) throws IOException {
    try {
      List<X509Certificate> all =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(read(file)))
              .stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (all.isEmpty()) {
        throw new IOException(file + " holds no certificate");
      }
      return all;
    } catch (CertificateException e) {
      throw new IOException(file + " holds no X.509 certificate in PEM", e);
    }
  }

  /**
   * An elliptic-curve or Ed25519 key for TLS.
   *
   * @throws IOException naming the file, never its content
   */
  public static PrivateKey privateKey(Path file) throws IOException {
    byte[] pkcs8 = pkcs8(file);
    for (String algorithm : List.of("EC", "Ed25519", "RSA")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      } catch (GeneralSecurityException e) {
        // Another algorithm's key.
      }
    }
    throw new IOException(file + " holds no key of a known algorithm");
  }

  /**
   * An Ed25519 key for signatures of the protocol.
   *
   * @throws IOException naming the file, never its content
   */
  public static SigningKey signingKey(Path file) throws IOException {
    byte[] pkcs8 = pkcs8(file);
    try {
      PrivateKey key =
          KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      if (key instanceof EdECPrivateKey edwards && edwards.getBytes().isPresent()) {
        return SigningKey.fromSeed(SecretBytes.copyOf(edwards.getBytes().get()));
      }
    } catch (GeneralSecurityException e) {
      // Said below, without the cause: it may quote the key.
    } finally {
      Arrays.fill(pkcs8, (byte) 0);
    }
    throw new IOException(file + " holds no Ed25519 key in PKCS#8 PEM");
  }

  private static byte[] pkcs8(Path file) throws IOException {
    Matcher matcher = KEY.matcher(new String(read(file), StandardCharsets.US_ASCII));
    if (!matcher.find()) {
      throw new IOException(file + " holds no \"BEGIN PRIVATE KEY\" (PKCS#8 PEM)");
    }
    try {
      return Base64.getMimeDecoder().decode(matcher.group("body"));
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " is damaged", e);
    }
  }

  private static byte[] read(Path file) throws IOException {
    if (Files.size(file) > MAX_FILE_BYTES) {
      throw new IOException(file + " is too large for keys or certificates");
    }
    return Files.readAllBytes(file);
  }
}
