package org.hanse.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.hanse.core.crypto.Field25519;
import org.hanse.core.crypto.Mersenne61;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.Limits;
import org.hanse.core.plan.SiteId;
import org.jspecify.annotations.Nullable;

/**
 * Where in a message a field stands, and the rules that fields share. Every check returns the value
 * it checked or throws {@link MalformedMessageException} naming this path.
 */
final class FieldPath {
  static final FieldPath ROOT = new FieldPath(null, "");

  private static final int SIGNATURE_BYTES = 64;
  private static final int MIN_SITES = 2;
  private static final int KEY_BYTES = 32;
  private static final String LOWER_HEX = "0123456789abcdef";
  private static final String NAME_RULE =
      "must be 1 to 63 lower-case letters, digits or inner hyphens";

  private final @Nullable FieldPath parent;
  private final String step;

  private FieldPath(@Nullable FieldPath parent, String step) {
    this.parent = parent;
    this.step = step;
  }

  /** The field {@code name} of the message here. */
  FieldPath dot(String name) {
    return new FieldPath(this, name);
  }

  /** The element {@code index} of the list here. */
  FieldPath at(int index) {
    return new FieldPath(this, "[" + index + "]");
  }

  MalformedMessageException refuse(String rule) {
    return new MalformedMessageException(toString(), rule);
  }

  @Override
  public String toString() {
    if (parent == null) {
      return step;
    }
    String before = parent.toString();
    return before.isEmpty() || step.startsWith("[") ? before + step : before + "." + step;
  }

  /** The message here, which must be set. */
  FieldPath present(boolean isSet) {
    if (!isSet) {
      throw refuse("must be set");
    }
    return this;
  }

  long range(long value, long min, long max) {
    if (value < min || value > max) {
      String bounds = min == max ? Long.toString(min) : "from " + min + " to " + max;
      throw refuse("must be " + bounds + ", not " + value);
    }
    return value;
  }

  /** A uint32, which Java holds as a signed int. */
  int range(int unsigned, int min, int max) {
    return (int) range(Integer.toUnsignedLong(unsigned), min, max);
  }

  double finite(double value) {
    if (!Double.isFinite(value)) {
      throw refuse("must be finite");
    }
    return value;
  }

  double positive(double value) {
    if (!(value > 0)) {
      throw refuse("must be above 0");
    }
    return value;
  }

  /** A number of a manifest that scales others. */
  double scale(double value) {
    if (!(value >= Limits.MIN_SCALE && value <= Limits.MAX_SCALE)) {
      throw refuse("must be from " + Limits.MIN_SCALE + " to " + Limits.MAX_SCALE);
    }
    return value;
  }

  long tag(long value) {
    return range(value, 0, Mersenne61.PRIME - 1);
  }

  Bytes bytes(ByteString value, int sizeBytes) {
    if (value.size() != sizeBytes) {
      throw refuse("must have " + sizeBytes + " bytes, not " + value.size());
    }
    return Bytes.of(value.toByteArray());
  }

  /** As {@link #bytes}, or nothing. */
  Optional<Bytes> optionalBytes(ByteString value, int sizeBytes) {
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (value.size() != sizeBytes) {
      throw refuse("must be empty or have " + sizeBytes + " bytes, not " + value.size());
    }
    return Optional.of(bytes(value, sizeBytes));
  }

  /** Between {@code min} and {@code max} bytes. */
  ByteString sized(ByteString value, int min, int max) {
    if (value.size() < min || value.size() > max) {
      throw refuse("must have " + min + " to " + max + " bytes, not " + value.size());
    }
    return value;
  }

  /**
   * A chunk: 2 bytes to 1 MiB of whole little-endian elements, copied. Whether they are of 2 or 4
   * bytes the suite says, so the exact length is checked where the job is known.
   */
  byte[] elements(ByteString value) {
    sized(value, Short.BYTES, WireLimits.MAX_CHUNK_BYTES);
    if (value.size() % Short.BYTES != 0) {
      throw refuse("must have a whole number of elements, not " + value.size() + " bytes");
    }
    return value.toByteArray();
  }

  Bytes certificate(ByteString value) {
    return Bytes.of(sized(value, 1, WireLimits.MAX_CERTIFICATE_BYTES).toByteArray());
  }

  Bytes key(ByteString value) {
    return bytes(value, KEY_BYTES);
  }

  Bytes signature(ByteString value) {
    return bytes(value, SIGNATURE_BYTES);
  }

  /** 32 bytes little-endian, below 2^255-19. */
  Bytes fieldElement(ByteString value) {
    Bytes element = bytes(value, Field25519.SIZE_BYTES);
    if (!Field25519.isCanonical(element.toByteArray())) {
      throw refuse("must be below 2^255-19");
    }
    return element;
  }

  Hash hash(ByteString value) {
    return new Hash(bytes(value, Hash.SIZE_BYTES));
  }

  Fingerprint fingerprint(ByteString value) {
    return new Fingerprint(bytes(value, Fingerprint.SIZE_BYTES));
  }

  JobId job(String value) {
    return named(() -> new JobId(value));
  }

  SiteId site(String value) {
    return named(() -> new SiteId(value));
  }

  /** A name by the rule of job and site ids. */
  String identifier(String value) {
    return job(value).value();
  }

  Hash hashHex(String value) {
    return new Hash(hex(value, Hash.SIZE_BYTES));
  }

  Fingerprint fingerprintHex(String value) {
    return new Fingerprint(hex(value, Fingerprint.SIZE_BYTES));
  }

  /** Lower case only, so that people compare what they see. */
  private Bytes hex(String value, int sizeBytes) {
    if (value.length() != 2 * sizeBytes
        || !value.chars().allMatch(c -> LOWER_HEX.indexOf(c) >= 0)) {
      throw refuse("must be " + 2 * sizeBytes + " lower-case hexadecimal digits");
    }
    return Bytes.fromHex(value);
  }

  private <T> T named(Supplier<T> name) {
    try {
      return name.get();
    } catch (IllegalArgumentException e) {
      throw refuse(NAME_RULE);
    }
  }

  /** A text for people: no control characters. */
  String text(String value, int minLength, int maxLength) {
    if (value.length() < minLength
        || value.length() > maxLength
        || value.codePoints().anyMatch(Character::isISOControl)) {
      throw refuse(
          "must be " + minLength + " to " + maxLength + " characters without control characters");
    }
    return value;
  }

  /** The constant of {@code type} with this very name. */
  <E extends Enum<E>> E constant(Class<E> type, String name) {
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equals(name)) {
        return constant;
      }
    }
    throw refuse("must be a known " + words(type));
  }

  /** As {@link #constant}, or nothing for the empty text. */
  <E extends Enum<E>> Optional<E> optionalConstant(Class<E> type, String name) {
    return name.isEmpty() ? Optional.empty() : Optional.of(constant(type, name));
  }

  /** A value of the plan whose own rules, where they can still fail, speak of numbers only. */
  <T> T value(Supplier<T> make) {
    try {
      return make.get();
    } catch (IllegalArgumentException e) {
      throw refuse(String.valueOf(e.getMessage()));
    }
  }

  /** Refuses the first element whose key an earlier element has, at its field {@code name}. */
  <V, K> void distinct(List<V> values, Function<V, K> key, String name) {
    Set<K> keys = new HashSet<>();
    for (int i = 0; i < values.size(); i++) {
      if (!keys.add(key.apply(values.get(i)))) {
        FieldPath element = at(i);
        throw (name.isEmpty() ? element : element.dot(name)).refuse("must not appear twice");
      }
    }
  }

  private static String words(Class<?> type) {
    return type.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
  }

  /** Converts a list of {@code min} to {@code max} elements, each under its own path. */
  <P, V> List<V> list(List<P> elements, int min, int max, BiFunction<FieldPath, P, V> convert) {
    if (elements.size() < min || elements.size() > max) {
      throw refuse("must have " + min + " to " + max + " elements, not " + elements.size());
    }
    List<V> values = new ArrayList<>(elements.size());
    for (int i = 0; i < elements.size(); i++) {
      values.add(convert.apply(at(i), elements.get(i)));
    }
    return values;
  }

  /** As {@link #list}, and each element's key above the one before it. */
  <P, V, K extends Comparable<K>> List<V> ascending(
      List<P> elements, int min, int max, BiFunction<FieldPath, P, V> convert, Function<V, K> key) {
    List<V> values = list(elements, min, max, convert);
    for (int i = 1; i < values.size(); i++) {
      if (Comparator.<K>naturalOrder()
              .compare(key.apply(values.get(i - 1)), key.apply(values.get(i)))
          >= 0) {
        throw at(i).refuse("must be above the element before it");
      }
    }
    return values;
  }

  /** One element for each of the sites of an attempt, ascending: 2 to 256. */
  <P, V> List<V> ofSites(
      List<P> elements, BiFunction<FieldPath, P, V> convert, Function<V, Fingerprint> site) {
    return ascending(elements, MIN_SITES, Limits.MAX_MEMBERS, convert, site);
  }

  /** Bytes for a message, without a copy of the copy. */
  static ByteString bytesOf(Bytes value) {
    return UnsafeByteOperations.unsafeWrap(value.toByteArray());
  }

  /** Empty where there is nothing. */
  static ByteString bytesOf(Optional<Bytes> value) {
    return value.map(FieldPath::bytesOf).orElse(ByteString.EMPTY);
  }

  static ByteString bytesOf(Hash value) {
    return bytesOf(value.bytes());
  }

  static ByteString bytesOf(Fingerprint value) {
    return bytesOf(value.bytes());
  }
}
