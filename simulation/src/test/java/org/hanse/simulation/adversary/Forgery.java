package org.hanse.simulation.adversary;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Hash;

/** Small changes to honest messages. */
final class Forgery {
  private Forgery() {}

  static <T> List<T> replacing(List<T> list, int index, UnaryOperator<T> change) {
    List<T> changed = new ArrayList<>(list);
    changed.set(index, change.apply(changed.get(index)));
    return changed;
  }

  static <T> List<T> without(List<T> list, int index) {
    List<T> rest = new ArrayList<>(list);
    rest.remove(index);
    return rest;
  }

  static <T> List<T> repeating(List<T> list, int index) {
    List<T> longer = new ArrayList<>(list);
    longer.add(index, list.get(index));
    return longer;
  }

  static Bytes flipped(Bytes bytes) {
    byte[] changed = bytes.toByteArray();
    changed[0] ^= 1;
    return Bytes.of(changed);
  }

  static Hash flipped(Hash hash) {
    return new Hash(flipped(hash.bytes()));
  }
}
