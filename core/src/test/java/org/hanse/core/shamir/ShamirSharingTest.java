package org.hanse.core.shamir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.shamir.ShamirSharing.Scheme;
import org.hanse.core.testing.VectorFile;
import org.hanse.core.testing.VectorFile.Vector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ShamirSharingTest {
  private static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));

  @Test
  void split_sampleVector_givesItsShares() {
    Vector vector = VectorFile.read("flsa1.txt", "shamir");
    BigInteger a1 = BigInteger.valueOf(0x1111).shiftLeft(200).add(BigInteger.ONE);
    BigInteger a2 = P.subtract(BigInteger.TWO);
    List<Share> shares =
        ShamirSharing.split(
            vector.secret("secret"),
            new Scheme(Integer.parseInt(vector.text("threshold")), 5),
            List.of(element(a1), element(a2)));
    assertThat(shares).hasSize(5);
    assertThat(shares.get(0)).isEqualTo(new Share(1, vector.secret("share-1")));
    assertThat(shares.get(4)).isEqualTo(new Share(5, vector.secret("share-5")));
    assertThat(reconstruct(shares.subList(1, 4))).isEqualTo(vector.secret("secret"));
  }

  @ParameterizedTest
  @CsvSource({"2, 2", "2, 5", "3, 3", "4, 5", "7, 10", "34, 50", "171, 256"})
  void split_anySizes_equalsBigIntegerPolynomial(int threshold, int shareCount) {
    Random random = new Random(threshold * 1000L + shareCount);
    List<SecretBytes> coefficients = coefficients(random, threshold - 1);
    SecretBytes secret = element(new BigInteger(254, random));
    List<Share> shares =
        ShamirSharing.split(secret, new Scheme(threshold, shareCount), coefficients);
    assertThat(shares)
        .extracting(Share::abscissa)
        .isEqualTo(IntStream.rangeClosed(1, shareCount).boxed().toList());
    for (Share share : shares) {
      assertThat(number(share.value()))
          .isEqualTo(naiveValue(secret, coefficients, share.abscissa()));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void reconstruct_anyThresholdOfShares_givesTheSecret(long seed) {
    Random random = new Random(seed);
    int shareCount = 2 + random.nextInt(30);
    int threshold = 2 + random.nextInt(shareCount - 1);
    SecretBytes secret = element(new BigInteger(255, random).mod(P));
    List<Share> shares =
        new ArrayList<>(
            ShamirSharing.split(
                secret, new Scheme(threshold, shareCount), coefficients(random, threshold - 1)));
    for (int i = 0; i < 10; i++) {
      Collections.shuffle(shares, random);
      int used = threshold + random.nextInt(shareCount - threshold + 1);
      assertThat(reconstruct(shares.subList(0, used))).isEqualTo(secret);
    }
  }

  @Test
  void reconstruct_extremeSecrets_givesThemBack() {
    for (BigInteger secret : List.of(BigInteger.ZERO, BigInteger.ONE, P.subtract(BigInteger.ONE))) {
      List<SecretBytes> extremes =
          List.of(element(P.subtract(BigInteger.ONE)), element(P.subtract(BigInteger.ONE)));
      List<Share> shares = ShamirSharing.split(element(secret), new Scheme(3, 4), extremes);
      assertThat(number(reconstruct(shares.subList(1, 4)))).isEqualTo(secret);
    }
  }

  @Test
  void reconstruct_fewerSharesThanDegree_doesNotGiveTheSecret() {
    SecretBytes secret = element(BigInteger.TEN);
    List<Share> shares =
        ShamirSharing.split(secret, new Scheme(3, 5), coefficients(new Random(1), 2));
    assertThat(reconstruct(shares.subList(0, 2))).isNotEqualTo(secret);
  }

  @Test
  void reconstruct_oneByteOfAShareFlipped_givesAnotherSecret() {
    SecretBytes secret = element(BigInteger.TEN);
    List<Share> shares =
        new ArrayList<>(
            ShamirSharing.split(secret, new Scheme(3, 3), coefficients(new Random(1), 2)));
    byte[] altered = shares.get(1).value().toByteArray();
    altered[3] ^= 1;
    shares.set(1, new Share(2, SecretBytes.adopt(altered)));
    assertThat(reconstruct(shares)).isNotEqualTo(secret);
  }

  @Test
  void split_coefficientWithTopBitOrAbovePrime_isReduced() {
    byte[] ones = new byte[32];
    Arrays.fill(ones, (byte) 0xff);
    List<Share> shares =
        ShamirSharing.split(
            element(BigInteger.ONE), new Scheme(2, 2), List.of(SecretBytes.adopt(ones)));
    // 2^255 - 1 = 18 modulo p.
    assertThat(number(shares.getFirst().value())).isEqualTo(BigInteger.valueOf(19));
  }

  @Test
  void split_badThresholdOrSecret_isRefused() {
    SecretBytes secret = element(BigInteger.ONE);
    List<SecretBytes> one = coefficients(new Random(1), 1);
    assertRefused(() -> new Scheme(1, 5));
    assertRefused(() -> new Scheme(0, 5));
    assertRefused(() -> new Scheme(3, 2));
    assertRefused(() -> new Scheme(2, ShamirSharing.MAX_SHARES + 1));
    assertRefused(() -> ShamirSharing.split(secret, new Scheme(3, 5), one));
    assertRefused(
        () -> ShamirSharing.split(secret, new Scheme(2, 5), coefficients(new Random(1), 2)));
    assertRefused(() -> ShamirSharing.split(element(P), new Scheme(2, 2), one));
    assertRefused(
        () -> ShamirSharing.split(SecretBytes.adopt(new byte[31]), new Scheme(2, 2), one));
    assertRefused(() ->
        ShamirSharing.split(secret, new Scheme(2, 2), List.of(SecretBytes.adopt(new byte[31]))));
  }

  @Test
  void scheme_smallestAndLargest_areAccepted() {
    assertThat(new Scheme(2, 2).shareCount()).isEqualTo(2);
    assertThat(new Scheme(2, ShamirSharing.MAX_SHARES).shareCount()).isEqualTo(65_536);
  }

  /** Sums of that many unreduced terms would overflow the field's limbs. */
  @Test
  void reconstruct_farMoreSharesThanAnyCohort_givesTheSecret() {
    Random random = new Random(7);
    SecretBytes secret = element(P.subtract(BigInteger.TWO));
    List<Share> shares = ShamirSharing.split(secret, new Scheme(2, 1_500), coefficients(random, 1));
    assertThat(reconstruct(shares)).isEqualTo(secret);
  }

  @Test
  void encode_always_zeroesWhatItTook() {
    int[] element = ShamirSharing.decode(element(P.subtract(BigInteger.TEN)));
    assertThat(element).isNotEqualTo(new int[element.length]);

    SecretBytes encoded = ShamirSharing.encode(element);

    assertThat(number(encoded)).isEqualTo(P.subtract(BigInteger.TEN));
    assertThat(element).containsOnly(0);
  }

  @Test
  void interpolation_badAbscissas_areRefused() {
    assertRefused(() -> Interpolation.at(List.of(1, 1)));
    assertRefused(() -> Interpolation.at(List.of(1, 0)));
    assertRefused(() -> Interpolation.at(List.of(1, -2)));
    assertRefused(() -> Interpolation.at(List.of(1, ShamirSharing.MAX_SHARES + 1)));
    assertRefused(() -> Interpolation.at(List.of()));
  }

  @Test
  void interpolation_badShares_areRefused() {
    Interpolation interpolation = Interpolation.at(List.of(1, 2));
    SecretBytes good = element(BigInteger.ONE);
    assertRefused(() -> interpolation.reconstruct(List.of(good)));
    assertRefused(() -> interpolation.reconstruct(List.of(good, good, good)));
    assertRefused(() -> interpolation.reconstruct(List.of(good, element(P))));
    assertRefused(() -> interpolation.reconstruct(List.of(good, SecretBytes.adopt(new byte[33]))));
  }

  @Test
  void interpolation_manySecretsOfOneSet_givesEach() {
    Random random = new Random(3);
    List<Integer> holders = List.of(9, 2, 5, 65_536);
    Interpolation interpolation = Interpolation.at(holders);
    for (int i = 0; i < 5; i++) {
      SecretBytes secret = element(new BigInteger(254, random));
      List<SecretBytes> coefficients = coefficients(random, 3);
      List<SecretBytes> shares =
          holders.stream()
              .map(holder -> element(naiveValue(secret, coefficients, holder)))
              .toList();
      assertThat(interpolation.reconstruct(shares)).isEqualTo(secret);
    }
  }

  private static SecretBytes reconstruct(List<Share> shares) {
    return Interpolation.at(shares.stream().map(Share::abscissa).toList())
        .reconstruct(shares.stream().map(Share::value).toList());
  }

  private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class);
  }

  private static List<SecretBytes> coefficients(Random random, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> {
          byte[] bytes = new byte[32];
          random.nextBytes(bytes);
          return SecretBytes.adopt(bytes);
        })
        .toList();
  }

  private static BigInteger naiveValue(
      SecretBytes secret, List<SecretBytes> coefficients, int abscissa) {
    BigInteger x = BigInteger.valueOf(abscissa);
    BigInteger value = number(secret);
    for (int i = 0; i < coefficients.size(); i++) {
      BigInteger coefficient = number(coefficients.get(i)).clearBit(255);
      value = value.add(coefficient.multiply(x.pow(i + 1)));
    }
    return value.mod(P);
  }

  private static SecretBytes element(BigInteger number) {
    byte[] bytes = new byte[32];
    for (int i = 0; i < 32; i++) {
      bytes[i] = number.shiftRight(8 * i).byteValue();
    }
    return SecretBytes.adopt(bytes);
  }

  private static BigInteger number(SecretBytes littleEndian) {
    byte[] bytes = littleEndian.toByteArray();
    BigInteger number = BigInteger.ZERO;
    for (int i = bytes.length - 1; i >= 0; i--) {
      number = number.shiftLeft(8).or(BigInteger.valueOf(bytes[i] & 0xff));
    }
    return number;
  }
}
