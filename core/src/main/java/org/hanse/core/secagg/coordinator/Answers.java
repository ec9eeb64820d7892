package org.hanse.core.secagg.coordinator;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.secagg.FromSite;

/** The messages that a coordinator took in an attempt: at most one of a kind from each site. */
record Answers(Map<Class<? extends FromSite>, Map<Fingerprint, FromSite>> byKind) {
  static final Answers NONE = new Answers(Map.of());

  Answers with(Fingerprint from, FromSite message) {
    Map<Fingerprint, FromSite> ofKind =
        new HashMap<>(byKind.getOrDefault(message.getClass(), Map.of()));
    ofKind.put(from, message);
    Map<Class<? extends FromSite>, Map<Fingerprint, FromSite>> extended = new HashMap<>(byKind);
    extended.put(message.getClass(), Map.copyOf(ofKind));
    return new Answers(Map.copyOf(extended));
  }

  <T extends FromSite> Optional<T> find(Class<T> kind, Fingerprint from) {
    return Optional.ofNullable(byKind.getOrDefault(kind, Map.of()).get(from)).map(kind::cast);
  }

  /** All messages of one kind, ascending by site. */
  <T extends FromSite> SortedMap<Fingerprint, T> all(Class<T> kind) {
    SortedMap<Fingerprint, T> typed = new TreeMap<>();
    byKind
        .getOrDefault(kind, Map.of())
        .forEach((site, message) -> typed.put(site, kind.cast(message)));
    return typed;
  }
}
