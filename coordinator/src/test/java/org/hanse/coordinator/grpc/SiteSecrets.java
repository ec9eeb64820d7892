package org.hanse.coordinator.grpc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.hanse.core.encode.LocalUpdate;

/**
 * What one site keeps to itself, in every form in which it might lie about: looked for in bytes and
 * in text. Forms of eight bytes and more cannot occur by chance; shorter ones are told apart, since
 * one of them can.
 */
final class SiteSecrets {
  private static final int KEY_BYTES = Long.BYTES;
  private static final int WINDOW = 4;
  private static final Pattern NUMBER = Pattern.compile("[0-9]+(?:\\.[0-9]+)?(?:E-?[0-9]+)?");
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{16,}");

  private final Map<Long, List<Form>> long8 = new HashMap<>();
  private final Map<Integer, String> short4 = new HashMap<>();
  private final Map<String, String> numbers = new HashMap<>();
  private final List<Form> texts = new ArrayList<>();

  private static final class Form {
    private final String name;
    private final byte[] bytes;

    Form(String name, byte[] bytes) {
      this.name = name;
      this.bytes = bytes;
    }
  }

  /**
   * The secrets of one site in one round.
   *
   * @param encoded x_u: parameters, the weight, the metrics
   */
  SiteSecrets(LocalUpdate update, int[] encoded) {
    int weightAt = (int) update.delta().size();
    int weight = encoded[weightAt];
    addVectors(update, encoded);
    addLong("example count", update.exampleCount());
    addLong("weight", weight);
    addShort("weight", weight);
    numbers.put(Integer.toString(weight), "weight");
    for (int metric = 0; metric < update.metrics().size(); metric++) {
      double value = update.metrics().get(metric);
      String name = metric == 0 ? "loss" : "accuracy";
      addEightBytes(name, Double.doubleToRawLongBits(value));
      addShort(name, Float.floatToRawIntBits((float) value));
      addShort("encoded " + name, encoded[weightAt + 1 + metric]);
      numbers.put(Double.toString(value), name);
      numbers.put(Float.toString((float) value), name);
    }
  }

  private void addVectors(LocalUpdate update, int[] encoded) {
    float[] delta = new float[(int) update.delta().size()];
    update.delta().read(0, delta, delta.length);
    for (int first = 0; first + WINDOW <= delta.length; first += WINDOW) {
      int[] bits = new int[WINDOW];
      for (int i = 0; i < WINDOW; i++) {
        bits[i] = Float.floatToRawIntBits(delta[first + i]);
      }
      addWindow("update", bits);
    }
    for (int first = 0; first + WINDOW <= encoded.length; first += WINDOW) {
      addWindow("encoded update", Arrays.copyOfRange(encoded, first, first + WINDOW));
    }
    addWindow(
        "encoded update", Arrays.copyOfRange(encoded, encoded.length - WINDOW, encoded.length));
    addText("update", Arrays.toString(Arrays.copyOf(delta, WINDOW)));
    addText("encoded update", Arrays.toString(Arrays.copyOf(encoded, WINDOW)));
  }

  private void addWindow(String name, int[] elements) {
    for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
      ByteBuffer bytes = ByteBuffer.allocate(WINDOW * Integer.BYTES).order(order);
      bytes.asIntBuffer().put(elements);
      add(name, bytes.array());
    }
  }

  private void addLong(String name, long value) {
    addEightBytes(name, value);
    addEightBytes(name, Double.doubleToRawLongBits((double) value));
    numbers.put(Long.toString(value), name);
    // Also as protobuf writes it, if that is long enough to be told from chance.
    byte[] varint = new byte[Long.BYTES];
    for (int i = 0; i < varint.length; i++) {
      varint[i] = (byte) ((value >> (7 * i)) | (value >> (7 * (i + 1)) == 0 ? 0 : 0x80));
    }
    if (value >> (7 * (varint.length - 1)) != 0) {
      add(name, varint);
    }
  }

  private void addEightBytes(String name, long bits) {
    add(name, ByteBuffer.allocate(Long.BYTES).putLong(bits).array());
    add(name, ByteBuffer.allocate(Long.BYTES).putLong(Long.reverseBytes(bits)).array());
  }

  private void addShort(String name, int bits) {
    short4.put(bits, name);
    short4.put(Integer.reverseBytes(bits), name);
  }

  private void addText(String name, String list) {
    texts.add(
        new Form(name, list.substring(1, list.length() - 1).getBytes(StandardCharsets.UTF_8)));
  }

  private void add(String name, byte[] bytes) {
    long8
        .computeIfAbsent(ByteBuffer.wrap(bytes).getLong(), key -> new ArrayList<>())
        .add(new Form(name, bytes));
  }

  /** Names of the secrets in some bytes that cannot be there by chance. */
  Set<String> in(byte[] bytes) {
    Set<String> found = new TreeSet<>();
    ByteBuffer all = ByteBuffer.wrap(bytes);
    for (int at = 0; at + KEY_BYTES <= bytes.length; at++) {
      for (Form form : long8.getOrDefault(all.getLong(at), List.of())) {
        if (startsAt(bytes, at, form.bytes)) {
          found.add(form.name);
        }
      }
    }
    return found;
  }

  /** Names of the secrets whose four bytes are among some bytes, perhaps by chance. */
  Set<String> briefIn(byte[] bytes) {
    Set<String> found = new TreeSet<>();
    ByteBuffer all = ByteBuffer.wrap(bytes);
    for (int at = 0; at + Integer.BYTES <= bytes.length; at++) {
      String name = short4.get(all.getInt(at));
      if (name != null) {
        found.add(name);
      }
    }
    return found;
  }

  /** Names of the secrets in a text, as numbers or as the bytes that a hexadecimal dump shows. */
  Set<String> in(String text) {
    Set<String> found = new TreeSet<>(in(text.getBytes(StandardCharsets.UTF_8)));
    Matcher number = NUMBER.matcher(text);
    while (number.find()) {
      String name = numbers.get(number.group());
      if (name != null) {
        found.add(name);
      }
    }
    for (Form form : texts) {
      if (text.contains(new String(form.bytes, StandardCharsets.UTF_8))) {
        found.add(form.name);
      }
    }
    Matcher hex = HEX.matcher(text);
    while (hex.find()) {
      String digits = hex.group();
      found.addAll(in(HexFormat.of().parseHex(digits.substring(0, digits.length() / 2 * 2))));
    }
    return found;
  }

  private static boolean startsAt(byte[] bytes, int at, byte[] form) {
    return at + form.length <= bytes.length
        && Arrays.equals(bytes, at, at + form.length, form, 0, form.length);
  }
}
