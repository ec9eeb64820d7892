package org.hanse.core.plan;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The model's named tensors in the order in which they are concatenated into one vector.
 *
 * @param tensors 1 to 10,000, names unique
 */
public record ModelLayout(List<TensorSpec> tensors) {
  public ModelLayout {
    tensors = List.copyOf(tensors);
    Limits.inRange("number of tensors", tensors.size(), 1, Limits.MAX_TENSORS);
    Set<String> names = new HashSet<>();
    long total = 0;
    for (TensorSpec tensor : tensors) {
      if (!names.add(tensor.name())) {
        throw new IllegalArgumentException("tensor named twice: " + tensor.name());
      }
      total += tensor.elementCount();
      Limits.inRange("parameters", total, 1, Limits.MAX_PARAMETERS);
    }
  }

  /** The vector's length m. */
  public long parameterCount() {
    return tensors.stream().mapToLong(TensorSpec::elementCount).sum();
  }
}
