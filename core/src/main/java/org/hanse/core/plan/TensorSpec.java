package org.hanse.core.plan;

import java.util.List;

/**
 * One named float32 tensor, row-major.
 *
 * @param name 1 to 200 characters
 * @param shape 1 to 8 extents, each at least 1
 */
public record TensorSpec(String name, List<Long> shape) {
  public TensorSpec {
    Limits.text("tensor name", name, Limits.MAX_TENSOR_NAME_LENGTH);
    shape = List.copyOf(shape);
    Limits.inRange("rank of " + name, shape.size(), 1, Limits.MAX_TENSOR_RANK);
    long elements = 1;
    for (long extent : shape) {
      Limits.inRange("extent of " + name, extent, 1, Limits.MAX_PARAMETERS);
      Limits.inRange("extent of " + name, extent, 1, Limits.MAX_PARAMETERS / elements);
      elements *= extent;
    }
  }

  /**
   * A tensor of this name and shape.
   *
   * @throws IllegalArgumentException if a rule of the record is broken
   */
  public static TensorSpec of(String name, long... shape) {
    return new TensorSpec(name, java.util.Arrays.stream(shape).boxed().toList());
  }

  /** The product of the extents, 1 to 2^37. */
  public long elementCount() {
    return shape.stream().reduce(1L, (a, b) -> a * b);
  }
}
