package org.hanse.simulation.adversary;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.plan.JobManifest;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.ToSite;
import org.jspecify.annotations.Nullable;

/** Finds secrets by reflection: everything that can be reached from a value, private or not. */
final class Secrets {
  private Secrets() {}

  /** Every secret reachable from {@code root}, erased or not. */
  static Set<SecretBytes> in(Object root) {
    Set<SecretBytes> found = Collections.newSetFromMap(new IdentityHashMap<>());
    Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Object> open = new ArrayDeque<>();
    open.add(root);
    while (!open.isEmpty()) {
      Object next = open.remove();
      if (!seen.add(next)) {
        continue;
      }
      switch (next) {
        case SecretBytes secret -> found.add(secret);
        case Iterable<?> parts -> parts.forEach(part -> push(part, open));
        case Optional<?> part -> part.ifPresent(value -> push(value, open));
        case Object[] array -> Arrays.stream(array).forEach(part -> push(part, open));
        case Map<?, ?> map -> {
          map.keySet().forEach(part -> push(part, open));
          map.values().forEach(part -> push(part, open));
        }
        case JobManifest manifest -> {} // public and large
        case ToSite message -> {}
        case FromSite message -> {}
        default -> pushFields(next, open);
      }
    }
    return found;
  }

  private static void pushFields(Object value, Deque<Object> open) {
    // Lambdas capture secrets too; their classes bear the name of their host.
    if (!value.getClass().getName().startsWith("org.hanse.") || value instanceof Enum) {
      return;
    }
    for (Field field : value.getClass().getDeclaredFields()) {
      if (Modifier.isStatic(field.getModifiers()) || field.getType().isPrimitive()) {
        continue;
      }
      try {
        if (field.trySetAccessible()) { // not those of hidden classes
          push(field.get(value), open);
        }
      } catch (IllegalAccessException e) {
        throw new LinkageError(e.getMessage(), e);
      }
    }
  }

  private static void push(@Nullable Object part, Deque<Object> open) {
    if (part != null) {
      open.add(part);
    }
  }
}
