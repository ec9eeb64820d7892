package org.hanse.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * What a field must be, stated apart from the code under test: as values of the field that must be
 * refused, with where the refusal points, and values at the edges that must be taken.
 */
interface FieldRule {
  /** Values to be refused at the field's path plus {@code at}. */
  record Refused(String at, Object value) {}

  /**
   * Values to refuse.
   *
   * @param current the field's valid value: for lists, all its elements
   */
  List<Refused> refused(FieldDescriptor field, Object current);

  /** Values to take, whatever the other fields hold. */
  default List<Object> taken(FieldDescriptor field) {
    return List.of();
  }

  /** Any value will do. */
  static FieldRule free() {
    return (field, current) -> List.of();
  }

  static FieldRule bytes(int size) {
    return bytes(size, size);
  }

  static FieldRule bytes(int min, int max) {
    return new FieldRule() {
      @Override
      public List<Refused> refused(FieldDescriptor field, Object current) {
        return Stream.of(0, min - 1, max + 1)
            .filter(size -> size < min || size > max)
            .map(size -> new Refused("", zeros(size)))
            .toList();
      }

      @Override
      public List<Object> taken(FieldDescriptor field) {
        return List.of(zeros(min), zeros(max));
      }
    };
  }

  /** {@code size} bytes or none. */
  static FieldRule optionalBytes(int size) {
    return new FieldRule() {
      @Override
      public List<Refused> refused(FieldDescriptor field, Object current) {
        return Stream.of(1, size - 1, size + 1)
            .map(other -> new Refused("", zeros(other)))
            .toList();
      }

      @Override
      public List<Object> taken(FieldDescriptor field) {
        return List.of(zeros(0), zeros(size));
      }
    };
  }

  private static Object zeros(int size) {
    return ByteString.copyFrom(new byte[size]);
  }

  /** 32 bytes little-endian below 2^255-19. */
  static FieldRule fieldElement() {
    byte[] prime = new byte[32];
    java.util.Arrays.fill(prime, (byte) 0xff);
    prime[0] = (byte) 0xed;
    prime[31] = 0x7f;
    byte[] below = prime.clone();
    below[0]--;
    byte[] top = new byte[32];
    top[31] = (byte) 0x80;
    byte[] middle = prime.clone();
    middle[17] = 0;
    middle[0] = (byte) 0xff;
    return new FieldRule() {
      @Override
      public List<Refused> refused(FieldDescriptor field, Object current) {
        List<Refused> refused = new ArrayList<>(bytes(32).refused(field, current));
        refused.add(new Refused("", ByteString.copyFrom(prime)));
        refused.add(new Refused("", ByteString.copyFrom(top)));
        return refused;
      }

      @Override
      public List<Object> taken(FieldDescriptor field) {
        return List.of(zeros(32), ByteString.copyFrom(below), ByteString.copyFrom(middle));
      }
    };
  }

  /** {@code bounded} is false where another field narrows the range. */
  static FieldRule range(long min, long max, boolean bounded) {
    return new FieldRule() {
      @Override
      public List<Refused> refused(FieldDescriptor field, Object current) {
        return LongStream.of(min - 1, max + 1, -1)
            .filter(value -> value < min || value > max)
            .mapToObj(value -> new Refused("", boxed(field, value)))
            .toList();
      }

      @Override
      public List<Object> taken(FieldDescriptor field) {
        return bounded ? List.of(boxed(field, min), boxed(field, max)) : List.of();
      }
    };
  }

  static FieldRule range(long min, long max) {
    return range(min, max, true);
  }

  private static Object boxed(FieldDescriptor field, long value) {
    return switch (field.getJavaType()) {
      case INT -> (Object) (int) value;
      case LONG -> value;
      case FLOAT, DOUBLE, BOOLEAN, STRING, BYTE_STRING, ENUM, MESSAGE ->
          throw new AssertionError("no range for " + field);
    };
  }

  /** Nothing but the number it has. */
  static FieldRule exactly() {
    return (field, current) ->
        List.of(new Refused("", (long) current + 1), new Refused("", (long) current - 1));
  }

  static FieldRule finite(double min) {
    return (field, current) ->
        Stream.of(
                Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Math.nextDown(min))
            .map(value -> new Refused("", value))
            .toList();
  }

  /** A known constant; other known constants may not fit the other fields. */
  static FieldRule known() {
    return (field, current) ->
        Stream.of(0, 99, -1)
            .map(number -> field.getEnumType().findValueByNumberCreatingIfUnknown(number))
            .map(value -> new Refused("", value))
            .toList();
  }

  static FieldRule identifier() {
    return new FieldRule() {
      @Override
      public List<Refused> refused(FieldDescriptor field, Object current) {
        return Stream.of("", "-a", "a-", "A", "a b", "../a", "a\u0000", "é", "a".repeat(64))
            .map(value -> new Refused("", value))
            .toList();
      }

      @Override
      public List<Object> taken(FieldDescriptor field) {
        return List.of("0", "a".repeat(63));
      }
    };
  }

  static FieldRule text(int min, int max) {
    return new FieldRule() {
      @Override
      public List<Refused> refused(FieldDescriptor field, Object current) {
        Stream<String> tooShort = min == 0 ? Stream.of() : Stream.of("x".repeat(min - 1));
        return Stream.concat(
                tooShort, Stream.of("x".repeat(max + 1), "a\nb", "\u001b[2J", "a\u0085b"))
            .map(value -> new Refused("", value))
            .toList();
      }

      @Override
      public List<Object> taken(FieldDescriptor field) {
        return List.of("x".repeat(min), "x".repeat(max));
      }
    };
  }

  /** The name of a constant of a closed list. */
  static FieldRule constantName() {
    return (field, current) ->
        Stream.of("NO_SUCH_REASON", "late", "LATE ", "../LATE")
            .map(value -> new Refused("", value))
            .toList();
  }

  /** A message that must be set. */
  static FieldRule set() {
    return (field, current) ->
        List.of(new Refused("", ((Message) current).getDefaultInstanceForType()));
  }

  /** Between {@code min} and {@code max} elements, at least two in the sample. */
  static FieldRule list(int min, int max) {
    return (field, current) -> {
      List<?> elements = (List<?>) current;
      List<Refused> refused = new ArrayList<>();
      refused.add(new Refused("", java.util.Collections.nCopies(max + 1, elements.getFirst())));
      if (min > 0) {
        refused.add(new Refused("", java.util.Collections.nCopies(min - 1, elements.getFirst())));
      }
      return refused;
    };
  }

  /** As {@link #list}; the second element's key above the first's, and so on. */
  static FieldRule ascending(int min, int max) {
    return list(min, max)
        .and((field, current) -> List.of(swapped((List<?>) current), repeated("", current)));
  }

  /** As {@link #list}; no two elements with the same key, which stands at {@code key}. */
  static FieldRule distinct(int min, int max, String key) {
    return list(min, max).and((field, current) -> List.of(repeated(key, current)));
  }

  private static Refused swapped(List<?> elements) {
    List<Object> swapped = new ArrayList<>(elements);
    swapped.set(0, elements.get(1));
    swapped.set(1, elements.get(0));
    return new Refused("[1]", swapped);
  }

  private static Refused repeated(String key, Object current) {
    List<Object> repeated = new ArrayList<>((List<?>) current);
    repeated.set(1, repeated.get(0));
    return new Refused("[1]" + key, repeated);
  }

  /** Both rules' refusals; this rule's values to take. */
  default FieldRule and(FieldRule other) {
    FieldRule first = this;
    return new FieldRule() {
      @Override
      public List<Refused> refused(FieldDescriptor field, Object current) {
        return Stream.concat(
                first.refused(field, current).stream(), other.refused(field, current).stream())
            .toList();
      }

      @Override
      public List<Object> taken(FieldDescriptor field) {
        return first.taken(field);
      }
    };
  }
}
