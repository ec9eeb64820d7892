package org.hanse.simulation.adversary;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.crypto.Cipher;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.site.SiteState;
import org.hanse.simulation.adversary.Federation.Dropout;
import org.hanse.simulation.adversary.TestConsortium.Shape;
import org.junit.jupiter.api.Test;

/** What a coordinator does not learn. */
class SecrecyCasesTest {
  private static final AttemptId ATTEMPT = TestConsortium.attempt(1, 0);

  /**
   * Chi-square over the bytes of a masked constant, 255 degrees of freedom. For uniform bytes it is
   * outside 150 to 400 with a probability below 1e-7; the seed is fixed, so there are no false
   * alarms at all until the protocol's streams change.
   */
  @Test
  void case32_maskedConstant_looksUniform() {
    Federation federation = new Federation(TestConsortium.of(new Shape(4, 1).features(5_000)), 32);
    federation.site(0).masks = update -> update.times(0);
    federation.coordinatorChecksGates = false;
    federation.collude(0).run();

    assertThat(chiSquare(federation.spool(ATTEMPT).get(federation.name(0)).getFirst()))
        .isBetween(150.0, 400.0);
    // The plain sum, which is no less random to look at than weights are, does not pass.
    assertThat(chiSquare(federation.sum().chunkBytes(0))).isGreaterThan(400);
  }

  @Test
  void case32_sameUpdateInTwoAttempts_unrelatedUploads() {
    assertUnrelated(false);
  }

  @Test
  void case32_sameUpdateAndSameRandomBytesInTwoAttempts_unrelatedUploads() {
    assertUnrelated(true);
  }

  private static void assertUnrelated(boolean sameRandomBytes) {
    Federation federation = new Federation(TestConsortium.of(new Shape(4, 1).features(5_000)), 33);
    federation.sites.forEach(site -> site.repeatsEntropy = sameRandomBytes);
    federation.drop(3, Dropout.AFTER_COMMIT).drop(2, Dropout.AFTER_COMMIT).run();
    federation.drop(3, Dropout.AFTER_RELEASE).drop(2, Dropout.AFTER_RELEASE).run(1, 1);

    RingVector first = upload(federation, ATTEMPT);
    RingVector second = upload(federation, TestConsortium.attempt(1, 1));
    assertThat(federation.counted()).hasSize(4);
    // The difference of two uploads of one vector under the same masks would be zero.
    assertThat(chiSquare(second.minus(first).chunkBytes(0))).isBetween(150.0, 400.0);
    assertThat(chiSquare(second.plus(first).chunkBytes(0))).isBetween(150.0, 400.0);
    int equal = 0;
    for (int i = 0; i < first.size(); i++) {
      equal += first.get(i) == second.get(i) ? 1 : 0;
    }
    assertThat(equal).isLessThan(3); // expected 10,000 / 2^32
  }

  private static RingVector upload(Federation federation, AttemptId attempt) {
    return RingVector.ofBytes(
        federation.consortium.ring(), federation.spool(attempt).get(federation.name(0)));
  }

  private static double chiSquare(byte[] bytes) {
    int[] counts = new int[256];
    for (byte value : bytes) {
      counts[value & 0xff]++;
    }
    double expected = bytes.length / 256.0;
    double sum = 0;
    for (int count : counts) {
      sum += (count - expected) * (count - expected) / expected;
    }
    return sum;
  }

  /** Five honest survivors but one that dropped out, two that collude; all equations S has. */
  @Test
  void case33_transcriptAndColludingSites_determineTheSumAlone() {
    Federation federation = Federation.of(7, 2).collude(5, 6).drop(4, Dropout.AFTER_SHARES).run();
    assertThat(federation.counted()).hasSize(6);

    LinearView view = new LinearView(federation, federation.asRun(), ATTEMPT);

    for (int number : new int[] {0, 1, 2, 3}) {
      assertThat(view.determines(number)).as("update of " + number).isFalse();
    }
    assertThat(view.determines(0, 1)).isFalse();
    assertThat(view.determines(0, 1, 2)).isFalse();
    assertThat(view.determines(1, 2, 3)).isFalse();
    assertThat(view.determines(0, 1, 2, 3)).isTrue(); // the honest part of the sum
    assertThat(view.unknownMasks()).isEqualTo(3); // of four survivors, all but their sum
  }

  @Test
  void case33_asManyColludingSitesAsTheThreshold_determineEveryUpdate() {
    Federation federation = Federation.of(7, 2).run();
    Set<Fingerprint> colluding =
        federation.sites.stream()
            .filter(site -> site.number >= 2)
            .map(SimulatedSite::name)
            .collect(Collectors.toSet());

    LinearView view = new LinearView(federation, new Run(5, colluding, federation.trace), ATTEMPT);

    assertThat(view.determines(0)).isTrue();
    assertThat(view.unknownMasks()).isZero();
  }

  @Test
  void case37_afterDoneAndAbort_noSecretIsLeft() {
    Federation done = Federation.of(5, 1).run();
    Federation aborted =
        Federation.of(5, 1).drop(3, Dropout.AFTER_SHARES).drop(4, Dropout.AFTER_SHARES).run();

    for (Federation federation : List.of(done, aborted)) {
      assertThat(federation.sites)
          .allSatisfy(site -> {
            assertThat(site.state.finished()).isTrue();
            assertThat(site.secretsInMemory()).isZero();
            assertThat(Secrets.in(site.state)).allMatch(SecretBytes::isErased);
          });
    }
    assertThat(done.site(0).state).isInstanceOf(SiteState.Done.class);
    assertThat(aborted.site(0).state).isInstanceOf(SiteState.Aborted.class);
  }

  @Test
  void case37_whileTheAttemptRuns_theSearchFindsSecrets() {
    Federation federation = Federation.of(5, 1);
    Script script = Script.of(federation).start(0, 1, 2, 3, 4).exchangeKeys(0, 1, 2, 3, 4);
    long shared = federation.site(0).secretsInMemory();
    script.exchangeShares(0, 1, 2, 3, 4);
    long uploaded = federation.site(0).secretsInMemory();

    assertThat(shared).isGreaterThanOrEqualTo(5);
    assertThat(uploaded).isGreaterThan(5);
    assertThat(Secrets.in(federation.site(0).state)).isNotEmpty();
    federation.finish();
  }

  @Test
  void case37_laterAttemptOverARunningOne_firstErasesItsSecrets() {
    Federation federation = Federation.of(5, 1);
    Script.of(federation).start(0, 1, 2, 3, 4).exchangeKeys(0, 1, 2, 3, 4);
    Set<SecretBytes> before = Secrets.in(federation.site(0).state);
    Script next =
        new Script(federation, TestConsortium.attempt(1, 1), federation.consortium.roster());

    next.tell(0, next.start());

    assertThat(before).isNotEmpty().allMatch(SecretBytes::isErased);
    assertThat(federation.site(0).secretsInMemory()).isPositive(); // of the new attempt
    federation.finish();
  }

  @Test
  void case37_nothingPrintable_showsASecret() {
    List<String> printed = new ArrayList<>();
    NaiveRound round =
        new NaiveRound(
            Federation.of(5, 1)
                .drop(4, Dropout.AFTER_SHARES)
                .hookToSites((to, message) -> {
                  printed.add(to.state.toString());
                  printed.add(message.toString());
                  return List.of(message);
                })
                .hookFromSites((from, message) -> {
                  printed.add(from.state.toString());
                  printed.add(message.toString());
                  return List.of(message);
                }));
    round.federation.effects.forEach(effect -> printed.add(effect.toString()));
    round.federation.sites.forEach(
        site -> site.effects.forEach(effect -> printed.add(effect.toString())));
    String all = String.join("\n", printed);

    assertThat(round.federation.sent(FromSite.Release.class)).isNotEmpty();
    assertThat(all).contains(round.keys.get(round.federation.name(0)).maskKey().x25519().toHex());
    for (SimulatedSite site : round.federation.sites) {
      NaiveSite secrets = round.secrets.get(site.name());
      for (byte[] secret :
          List.of(
              secrets.channel(),
              secrets.maskSecret(),
              secrets.selfMask(),
              secrets.tagKey(),
              site.entropy(ATTEMPT))) {
        assertThat(all).doesNotContain(HexFormat.of().formatHex(secret));
      }
    }
  }

  /** The one class that makes key streams, asked for its cipher. */
  @Test
  void case38_keyStreams_comeFromTheJdk() throws ReflectiveOperationException {
    Class<?> stream = Class.forName("org.hanse.core.crypto.KeyStream");
    Constructor<?> constructor = stream.getDeclaredConstructor(SecretBytes.class, byte[].class);
    constructor.setAccessible(true);
    Field cipher = stream.getDeclaredField("cipher");
    cipher.setAccessible(true);

    Object made = constructor.newInstance(TestConsortium.secret("key"), new byte[16]);

    Cipher aes = (Cipher) cipher.get(made);
    assertThat(aes.getProvider().getName()).isEqualTo("SunJCE");
    assertThat(aes.getAlgorithm()).isEqualTo("AES/CTR/NoPadding");
  }
}
