package org.hanse.simulation.authority;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.hanse.core.plan.SiteId;

/**
 * Secrets that follow from a seed anybody can guess, so that a run can be repeated bit for bit. Fit
 * for made-up consortia on one machine and for nothing else.
 */
public final class SeededSecrets {
  private final long seed;

  public SeededSecrets(long seed) {
    this.seed = seed;
  }

  /** The coordinator's key for signing results. */
  public SigningKey coordinatorSigningKey() {
    return SigningKey.of(derive("coordinator signing key", ""));
  }

  /** The site's key for signing its part in a round. */
  public SigningKey siteSigningKey(SiteId site) {
    return SigningKey.of(derive("site signing key", site.value()));
  }

  /** The site's secret behind its rounding streams, 64 hexadecimal digits. */
  public String siteSecret(SiteId site) {
    return HexFormat.of().formatHex(derive("site secret", site.value()));
  }

  /** 32 bytes: SHA-256 over the label, the name and the seed, each with its length before it. */
  private byte[] derive(String label, String name) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String part : new String[] {"hanse demo", label, name, Long.toString(seed)}) {
        byte[] bytes = part.getBytes(UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
        digest.update(bytes);
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
