package org.hanse.client.config;

import java.util.function.Function;

/** Hashes and fingerprints as people write them. */
public final class HexDigits {
  private HexDigits() {}

  /** {@code parse}, for texts of exactly 64 hexadecimal digits. */
  public static <T> Function<String, T> of64(Function<String, T> parse) {
    return text -> {
      if (!text.matches("[0-9a-fA-F]{64}")) {
        throw new IllegalArgumentException("must be 64 hexadecimal digits, not \"" + text + '"');
      }
      return parse.apply(text);
    };
  }
}
