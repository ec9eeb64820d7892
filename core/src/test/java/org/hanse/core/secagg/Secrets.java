package org.hanse.core.secagg;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.hanse.core.crypto.SecretBytes;
import org.jspecify.annotations.Nullable;

/** Finds secrets by walking everything that can be reached from a value. */
public final class Secrets {
  private Secrets() {}

  /** Every secret reachable from {@code root} that is not erased. */
  public static Set<SecretBytes> in(Object root) {
    Set<SecretBytes> found = Collections.newSetFromMap(new IdentityHashMap<>());
    Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Object> open = new ArrayDeque<>();
    open.add(root);
    while (!open.isEmpty()) {
      Object next = open.remove();
      if (!seen.add(next)) {
        continue;
      }
      if (next instanceof SecretBytes secret) {
        if (!secret.isErased()) {
          found.add(secret);
        }
      } else {
        addParts(next, open);
      }
    }
    return found;
  }

  private static void addParts(Object value, Deque<Object> open) {
    switch (value) {
      case Iterable<?> iterable -> iterable.forEach(part -> add(part, open));
      case Map<?, ?> map -> {
        map.keySet().forEach(part -> add(part, open));
        map.values().forEach(part -> add(part, open));
      }
      case Optional<?> optional -> optional.ifPresent(part -> add(part, open));
      case Object[] array -> {
        for (int i = 0; i < array.length; i++) {
          add(Array.get(array, i), open);
        }
      }
      default -> {
        if (value.getClass().getName().startsWith("org.hanse.") && !(value instanceof Enum)) {
          addFields(value, open);
        }
      }
    }
  }

  private static void addFields(Object value, Deque<Object> open) {
    for (Field field : value.getClass().getDeclaredFields()) {
      if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
        try {
          field.setAccessible(true);
          add(field.get(value), open);
        } catch (IllegalAccessException e) {
          throw new LinkageError(e.getMessage(), e);
        }
      }
    }
  }

  private static void add(@Nullable Object part, Deque<Object> open) {
    if (part != null) {
      open.add(part);
    }
  }
}
