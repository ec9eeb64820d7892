package org.hanse.core.vector;

import java.nio.CharBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.hanse.core.vector.Safetensors.Entry;
import org.hanse.core.vector.Safetensors.Header;
import org.hanse.core.vector.Safetensors.Tensor;

/**
 * Parses exactly the JSON that a safetensors header may be (RFC 8259), and nothing else: no
 * fractions, no literals, no unknown or repeated keys. For one use.
 */
final class HeaderParser {
  private static final int MAX_TEXT_LENGTH = 1 << 16;
  private static final int MAX_METADATA = 10_000;

  private final CharBuffer input;

  HeaderParser(String json) {
    input = CharBuffer.wrap(json);
  }

  /** Parses the whole text; only spaces may follow the object. */
  Header header() {
    if (!input.hasRemaining() || input.charAt(0) != '{') {
      throw malformed("header does not begin with {");
    }
    List<Entry> entries = new ArrayList<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    Set<String> keys = new HashSet<>();
    open('{');
    for (boolean more = !closes('}'); more; more = continues('}')) {
      String key = key(keys);
      if (key.equals(Safetensors.METADATA_KEY)) {
        metadata.putAll(metadata());
      } else {
        entries.add(entry(key));
      }
      if (entries.size() > Safetensors.MAX_TENSORS) {
        throw malformed("more than " + Safetensors.MAX_TENSORS + " tensors");
      }
    }
    while (input.hasRemaining()) {
      if (input.get() != ' ') {
        throw malformed("text after the header's object");
      }
    }
    return new Header(List.copyOf(entries), metadata);
  }

  private Map<String, String> metadata() {
    Map<String, String> texts = new LinkedHashMap<>();
    Set<String> keys = new HashSet<>();
    open('{');
    for (boolean more = !closes('}'); more; more = continues('}')) {
      String key = key(keys);
      texts.put(key, text());
      if (texts.size() > MAX_METADATA) {
        throw malformed("more than " + MAX_METADATA + " metadata texts");
      }
    }
    return texts;
  }

  private Entry entry(String name) {
    Optional<List<Long>> shape = Optional.empty();
    Optional<List<Long>> offsets = Optional.empty();
    Set<String> keys = new HashSet<>();
    open('{');
    for (boolean more = !closes('}'); more; more = continues('}')) {
      String key = key(keys);
      switch (key) {
        case "dtype" -> {
          if (!text().equals("F32")) {
            throw malformed("dtype is not F32");
          }
        }
        case "shape" -> shape = Optional.of(numbers(Safetensors.MAX_RANK));
        case "data_offsets" -> offsets = Optional.of(numbers(2));
        default -> throw malformed("unknown key of a tensor");
      }
    }
    if (!keys.contains("dtype") || shape.isEmpty() || offsets.isEmpty()) {
      throw malformed("a tensor needs dtype, shape and data_offsets");
    }
    List<Long> range = offsets.get();
    if (range.size() != 2 || range.get(0) > range.get(1)) {
      throw malformed("data_offsets are not begin and end");
    }
    if (name.isEmpty()) {
      throw malformed("a tensor has no name");
    }
    return new Entry(new Tensor(name, shape.get()), range.get(0), range.get(1));
  }

  private List<Long> numbers(int max) {
    List<Long> numbers = new ArrayList<>();
    open('[');
    for (boolean more = !closes(']'); more; more = continues(']')) {
      numbers.add(number());
      if (numbers.size() > max) {
        throw malformed("more than " + max + " numbers");
      }
    }
    return List.copyOf(numbers);
  }

  /** A non-negative integer below 2^63 without sign, fraction, exponent or leading zero. */
  private long number() {
    skipSpace();
    long value = digit();
    boolean leadingZero = value == 0;
    while (input.hasRemaining() && isDigit(input.charAt(0))) {
      if (leadingZero) {
        throw malformed("number with a leading zero");
      }
      try {
        value = Math.addExact(Math.multiplyExact(value, 10), digit());
      } catch (ArithmeticException e) {
        throw malformed("number is too large");
      }
    }
    return value;
  }

  private int digit() {
    char c = next();
    if (!isDigit(c)) {
      throw malformed("no non-negative integer");
    }
    return c - '0';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /** A key that is new to this object, and its colon. */
  private String key(Set<String> seen) {
    String key = text();
    if (!seen.add(key)) {
      throw malformed("repeated key");
    }
    skipSpace();
    expect(':');
    return key;
  }

  private String text() {
    skipSpace();
    expect('"');
    StringBuilder text = new StringBuilder();
    for (char c = next(); c != '"'; c = next()) {
      if (c < ' ') {
        throw malformed("control character in a text");
      }
      text.append(c == '\\' ? escaped() : c);
      if (text.length() > MAX_TEXT_LENGTH) {
        throw malformed("text of more than " + MAX_TEXT_LENGTH + " characters");
      }
    }
    checkSurrogates(text);
    return text.toString();
  }

  private char escaped() {
    char c = next();
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> codeUnit();
      default -> throw malformed("unknown escape");
    };
  }

  private char codeUnit() {
    int unit = 0;
    for (int i = 0; i < 4; i++) {
      char c = next();
      if (!isDigit(c) && !(c >= 'a' && c <= 'f') && !(c >= 'A' && c <= 'F')) {
        throw malformed("escape without four hexadecimal digits");
      }
      unit = unit * 16 + Character.digit(c, 16);
    }
    return (char) unit;
  }

  private static void checkSurrogates(CharSequence text) {
    if (text.codePoints()
        .anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
      throw malformed("half a surrogate pair");
    }
  }

  private void open(char bracket) {
    skipSpace();
    expect(bracket);
  }

  /** Whether the object or array ends here; takes the bracket if so. */
  private boolean closes(char bracket) {
    skipSpace();
    if (input.hasRemaining() && input.charAt(0) == bracket) {
      input.get();
      return true;
    }
    return false;
  }

  /** After a member: whether a comma announces another one; else it must be the bracket. */
  private boolean continues(char bracket) {
    if (closes(bracket)) {
      return false;
    }
    expect(',');
    return true;
  }

  private void expect(char expected) {
    if (next() != expected) {
      throw malformed("expected " + expected);
    }
  }

  private char next() {
    if (!input.hasRemaining()) {
      throw malformed("header ends too early");
    }
    return input.get();
  }

  private void skipSpace() {
    while (input.hasRemaining() && " \t\n\r".indexOf(input.charAt(0)) >= 0) {
      input.get();
    }
  }

  private static MalformedHeaderException malformed(String rule) {
    return new MalformedHeaderException(rule);
  }
}
