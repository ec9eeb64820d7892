package org.hanse.simulation.adversary;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.hanse.core.plan.Fingerprint;

/**
 * One value a site, ascending by name.
 *
 * @param <V> kind of value
 */
final class ByName<V> {
  private final Map<Fingerprint, V> values = new TreeMap<>();

  void put(Fingerprint site, V value) {
    values.put(site, value);
  }

  V get(Fingerprint site) {
    return find(site).orElseThrow(() -> new IllegalArgumentException("nothing of " + site));
  }

  Optional<V> find(Fingerprint site) {
    return Optional.ofNullable(values.get(site));
  }

  boolean has(Fingerprint site) {
    return values.containsKey(site);
  }

  List<Fingerprint> names() {
    return List.copyOf(values.keySet());
  }
}
