package org.hanse.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class Field25519Test {

  /** First byte, bytes 1 to 30, last byte: p is ed ff .. ff 7f. */
  @ParameterizedTest
  @CsvSource({
    "00, 00, 00, true",
    "ec, ff, 7f, true",
    "ed, ff, 7f, false",
    "ee, ff, 7f, false",
    "ff, ff, 7f, false",
    "ff, fe, 7f, true",
    "ff, ff, 7e, true",
    "00, 00, 80, false",
    "00, ff, 80, false",
    "ff, ff, ff, false"
  })
  void isCanonical_aroundThePrime_decides(
      String first, String middle, String last, boolean canonical) {
    byte[] number = new byte[Field25519.SIZE_BYTES];
    Arrays.fill(number, (byte) HexFormat.fromHexDigits(middle));
    number[0] = (byte) HexFormat.fromHexDigits(first);
    number[number.length - 1] = (byte) HexFormat.fromHexDigits(last);

    assertThat(Field25519.isCanonical(number)).isEqualTo(canonical);
    assertThat(Field25519.isCanonical(SecretBytes.copyOf(number))).isEqualTo(canonical);
  }

  @ParameterizedTest
  @CsvSource({"0", "31", "33", "64"})
  void isCanonical_otherSize_isNone(int size) {
    assertThat(Field25519.isCanonical(new byte[size])).isFalse();
    assertThat(Field25519.isCanonical(SecretBytes.copyOf(new byte[size]))).isFalse();
  }
}
