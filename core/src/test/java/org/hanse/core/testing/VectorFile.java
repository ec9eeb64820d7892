package org.hanse.core.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Hash;

/**
 * Test vectors of one file: blocks of {@code key = value} lines between blank lines, each named.
 * The file must say where they come from.
 */
public final class VectorFile {
  private VectorFile() {}

  /** One block. */
  public record Vector(String name, Map<String, String> values) {
    public String text(String key) {
      String value = values.get(key);
      if (value == null) {
        throw new IllegalArgumentException("vector " + name + " has no " + key);
      }
      return value;
    }

    public byte[] array(String key) {
      return HexFormat.of().parseHex(text(key));
    }

    public Bytes bytes(String key) {
      return Bytes.fromHex(text(key));
    }

    public Hash hash(String key) {
      return Hash.fromHex(text(key));
    }

    public SecretBytes secret(String key) {
      return SecretBytes.adopt(array(key));
    }

    public long[] longs(String key) {
      return Arrays.stream(text(key).split(" ", -1)).mapToLong(Long::parseLong).toArray();
    }

    public int[] ints(String key) {
      return Arrays.stream(text(key).split(" ", -1)).mapToInt(Integer::parseInt).toArray();
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** All blocks of {@code /vectors/<fileName>}. */
  public static List<Vector> read(String fileName) {
    String content = content("/vectors/" + fileName);
    if (!content.startsWith("# Source: ")) {
      throw new IllegalArgumentException(fileName + " does not say where it comes from");
    }
    List<Vector> vectors = new ArrayList<>();
    for (String block : content.split("\n\n+", -1)) {
      Map<String, String> values = new HashMap<>();
      block
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split(" = ?", 2))
          .forEach(pair -> values.put(pair[0], pair[1]));
      if (!values.isEmpty()) {
        vectors.add(new Vector(values.getOrDefault("name", "unnamed"), Map.copyOf(values)));
      }
    }
    return List.copyOf(vectors);
  }

  /** The block of that name. */
  public static Vector read(String fileName, String name) {
    return read(fileName).stream()
        .filter(vector -> vector.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(fileName + " has no " + name));
  }

  private static String content(String path) {
    try (InputStream in = VectorFile.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalArgumentException("no resource " + path);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
