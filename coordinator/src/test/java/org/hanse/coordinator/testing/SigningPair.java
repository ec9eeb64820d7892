package org.hanse.coordinator.testing;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import org.hanse.core.crypto.LabelledHash;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.crypto.SigningKey;

/** An Ed25519 key, for the protocol and for the platform's certificates; from a name. */
public record SigningPair(SigningKey key, KeyPair platform) {
  // RFC 8410, section 7 and section 4.
  private static final String PKCS8 = "302e020100300506032b657004220420";
  private static final String SPKI = "302a300506032b6570032100";

  public static SigningPair of(String name) {
    byte[] seed =
        LabelledHash.sha256(("key of " + name).getBytes(StandardCharsets.UTF_8))
            .bytes()
            .toByteArray();
    SigningKey key = SigningKey.fromSeed(SecretBytes.copyOf(seed));
    try {
      KeyFactory factory = KeyFactory.getInstance("Ed25519");
      return new SigningPair(
          key,
          new KeyPair(
              factory.generatePublic(
                  new X509EncodedKeySpec(HexFormat.of().parseHex(SPKI + key.publicKey().toHex()))),
              factory.generatePrivate(
                  new PKCS8EncodedKeySpec(
                      HexFormat.of().parseHex(PKCS8 + HexFormat.of().formatHex(seed))))));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
