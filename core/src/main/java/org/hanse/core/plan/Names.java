package org.hanse.core.plan;

import java.util.regex.Pattern;

/**
 * The rule that every identifier people choose follows, so that none is ever a path or a command.
 */
final class Names {
  static final int MAX_LENGTH = 63;
  private static final Pattern ALLOWED = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  private Names() {}

  static String check(String what, String value) {
    if (!ALLOWED.matcher(value).matches()) {
      throw new IllegalArgumentException(
          what
              + " must be 1 to "
              + MAX_LENGTH
              + " lower-case letters, digits or inner hyphens, not \""
              + printable(value)
              + '"');
    }
    return value;
  }

  /** At most 80 characters, control characters replaced, so that an error is safe to show. */
  static String printable(String value) {
    String head = value.length() > 80 ? value.substring(0, 80) + "..." : value;
    return head.replaceAll("\\p{C}", "?");
  }
}
