package org.hanse.client.config;

import java.util.Collection;
import java.util.Comparator;

/** Suggests what somebody may have meant. */
public final class Spelling {
  private Spelling() {}

  /**
   * The end of an error message about {@code word}: the nearest of the known words if one is near,
   * else all of them.
   */
  public static String hint(String word, Collection<String> known) {
    return known.stream()
        .min(Comparator.comparingInt(candidate -> distance(word, candidate)))
        .filter(candidate -> distance(word, candidate) <= 1 + candidate.length() / 3)
        .map(candidate -> "; did you mean \"" + candidate + "\"?")
        .orElse(known.isEmpty() ? "" : "; known are " + String.join(", ", known));
  }

  /** Levenshtein distance. */
  private static int distance(String a, String b) {
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substitution = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(substitution, 1 + Math.min(previous[j], current[j - 1]));
      }
      previous = current;
    }
    return previous[b.length()];
  }
}
