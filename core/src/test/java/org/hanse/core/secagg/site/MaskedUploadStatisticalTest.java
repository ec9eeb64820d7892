package org.hanse.core.secagg.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.hanse.core.plan.Suite;
import org.hanse.core.secagg.ProtocolFederation;
import org.hanse.core.secagg.SimulatedSite;
import org.hanse.core.secagg.TestConsortium;
import org.hanse.core.secagg.UploadBytes;
import org.hanse.core.secagg.coordinator.AggregationState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Masked uploads look like noise. All randomness is from fixed seeds, so a test passes always or
 * never; the bounds are those that a fair source would break with the probability given.
 */
class MaskedUploadStatisticalTest {
  private static final int SITE = 2;

  @ParameterizedTest
  @EnumSource(names = {"FLSA1", "FLSA1_Z16"})
  void upload_constantVector_bytesAreUniform(Suite suite) {
    TestConsortium consortium =
        TestConsortium.of(TestConsortium.Shape.of(4, 0).suite(suite).features(60_000));
    ProtocolFederation federation = new ProtocolFederation(consortium, 1);
    SimulatedSite site = federation.site(SITE);
    federation.sentUpdates.put(site.name(), site.update.map(_ -> 7));
    federation.run();

    long[] counts = new long[256];
    long total = 0;
    for (byte[] chunk : chunks(federation)) {
      total += chunk.length;
      for (byte value : chunk) {
        counts[value & 0xff]++;
      }
    }

    double expected = total / 256.0;
    double chiSquare =
        Arrays.stream(counts).mapToDouble(n -> (n - expected) * (n - expected) / expected).sum();
    assertThat(total).isEqualTo(site.update.chunking().lengthBytes()).isGreaterThan(200_000);
    // 255 degrees of freedom, normal approximation: mean 255, deviation 22.6; six deviations
    // either way are broken once in 10^8.
    assertThat(chiSquare).isBetween(255 - 6 * 22.6, 255 + 6 * 22.6);
  }

  @Test
  void upload_sameUpdateInTwoAttempts_unrelated() {
    assertThat(commonWords(false)).isLessThanOrEqualTo(2);
  }

  /** A machine restored from a snapshot draws the same random bytes in both attempts. */
  @Test
  void upload_sameUpdateAndSameEntropyInTwoAttempts_unrelated() {
    assertThat(commonWords(true)).isLessThanOrEqualTo(2);
  }

  /**
   * How many of the differences between two uploads of one update occur twice. Two fair uploads of
   * 4,000 elements have 4,000^2 / 2^33 = 0.002 such pairs; more than two once in 10^9.
   */
  private static int commonWords(boolean sameEntropy) {
    TestConsortium consortium = TestConsortium.of(TestConsortium.Shape.of(5, 1).features(2_000));
    ProtocolFederation federation = new ProtocolFederation(consortium, 1);
    federation.dropping(0, ProtocolFederation.Dropout.AFTER_COMMIT);
    federation.dropping(1, ProtocolFederation.Dropout.AFTER_COMMIT);
    federation.sites.values().forEach(site -> site.repeatEntropy = sameEntropy);
    federation.run();
    int[] first = UploadBytes.ints(chunks(federation));
    federation.retry(1, consortium.roster());
    federation.run();
    int[] second = UploadBytes.ints(chunks(federation));

    assertThat(federation.state).isInstanceOf(AggregationState.Closed.class);
    Set<Integer> differences = new HashSet<>();
    int repeated = 0;
    for (int i = 0; i < first.length; i++) {
      if (!differences.add(first[i] - second[i])) {
        repeated++;
      }
    }
    return repeated;
  }

  private static List<byte[]> chunks(ProtocolFederation federation) {
    return new ArrayList<>(
        Objects.requireNonNull(federation.spool.get(federation.site(SITE).name())));
  }
}
