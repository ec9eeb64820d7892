package org.hanse.core.secagg.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.plan.Suite;
import org.hanse.core.secagg.TestConsortium;
import org.hanse.core.shamir.ShamirSharing;
import org.junit.jupiter.api.Test;

/** Over many attempts. */
class AttemptSecretsTest {
  private static final int ATTEMPTS = 64;

  /** So that what the shares rebuild is the key itself. */
  @Test
  void maskSecret_classicalSuite_isAClampedScalar() {
    for (AttemptSecrets secrets : attempts(Suite.FLSA1)) {
      byte[] scalar = secrets.maskSecret().secret().toByteArray();
      assertThat(scalar[0] & 7).isZero();
      assertThat(scalar[31] & 0xc0).isEqualTo(0x40);
    }
  }

  @Test
  void maskSecret_hybridSuite_isUniformBelowThePrime() {
    assertUniform(
        attempts(Suite.FLSA1_HYBRID).stream()
            .map(secrets -> secrets.maskSecret().secret())
            .toList());
  }

  @Test
  void selfMask_anySuite_isUniformBelowThePrime() {
    assertUniform(attempts(Suite.FLSA1).stream().map(AttemptSecrets::selfMask).toList());
  }

  /** Can be shared, and each of the 255 bits is sometimes set and sometimes clear. */
  private static void assertUniform(List<SecretBytes> secrets) {
    assertThat(secrets).allMatch(ShamirSharing::isElement);
    byte[] everSet = new byte[32];
    byte[] everClear = new byte[32];
    for (SecretBytes secret : secrets) {
      byte[] bytes = secret.toByteArray();
      for (int i = 0; i < bytes.length; i++) {
        everSet[i] |= bytes[i];
        everClear[i] |= (byte) ~bytes[i];
      }
    }
    byte[] all = new byte[32];
    Arrays.fill(all, (byte) 0xff);
    assertThat(everClear).isEqualTo(all);
    all[31] = 0x7f;
    assertThat(everSet).isEqualTo(all);
  }

  private static List<AttemptSecrets> attempts(Suite suite) {
    return IntStream.range(0, ATTEMPTS)
        .mapToObj(number ->
            new AttemptSecrets(
                suite,
                TestConsortium.secret("entropy " + number),
                TestConsortium.hash("context"),
                TestConsortium.signingKey("site").fingerprint()))
        .toList();
  }
}
