package org.hanse.core.secagg;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.hanse.core.plan.Fingerprint;

/** Lists with one entry a site, in ascending order of fingerprints. */
public final class Ascending {
  private Ascending() {}

  /** Whether every entry's site is above the one before: ordered, and none twice. */
  public static <T> boolean isStrict(List<T> entries, Function<T, Fingerprint> site) {
    for (int i = 1; i < entries.size(); i++) {
      if (site.apply(entries.get(i - 1)).compareTo(site.apply(entries.get(i))) >= 0) {
        return false;
      }
    }
    return true;
  }

  /** Position of {@code wanted} in a list that {@link #isStrict}, or -1. */
  public static <T> int indexOf(
      List<T> entries, Function<T, Fingerprint> site, Fingerprint wanted) {
    int low = 0;
    int high = entries.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = site.apply(entries.get(middle)).compareTo(wanted);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  /** The entry of {@code wanted} in a list that {@link #isStrict}. */
  public static <T> Optional<T> find(
      List<T> entries, Function<T, Fingerprint> site, Fingerprint wanted) {
    int index = indexOf(entries, site, wanted);
    return index < 0 ? Optional.empty() : Optional.of(entries.get(index));
  }
}
