package org.hanse.coordinator.config;

import java.util.Comparator;
import java.util.Optional;
import java.util.SortedSet;

/** What somebody may have meant. */
final class Spelling {
  private static final int MAX_DISTANCE = 3;

  private Spelling() {}

  /** The candidate with the fewest edits from {@code word}, if it is near at all. */
  static Optional<String> nearest(String word, SortedSet<String> candidates) {
    return candidates.stream()
        .filter(candidate -> distance(word, candidate) <= MAX_DISTANCE)
        .min(Comparator.comparingInt(candidate -> distance(word, candidate)));
  }

  /** Levenshtein distance: insertions, deletions and replacements of one character. */
  static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
