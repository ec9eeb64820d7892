package org.hanse.core.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Named float32 tensors in the safetensors format: eight bytes of header length, a JSON header,
 * then the values without gaps. Nothing in it is code. Reading is strict and copies no values.
 *
 * <p>Source: https://huggingface.co/docs/safetensors, "Format".
 *
 * @param tensors in the order of their values
 * @param metadata free texts
 * @param data all values in tensor order: what a file holds behind the header
 */
public record Safetensors(List<Tensor> tensors, Map<String, String> metadata, FloatVector data) {
  /** A header is read into memory before anything in it is believed. */
  public static final int MAX_HEADER_BYTES = 16 << 20;

  /** Tensors in one file. */
  public static final int MAX_TENSORS = 10_000;

  /** Extents of a tensor's shape. */
  public static final int MAX_RANK = 8;

  static final String METADATA_KEY = "__metadata__";
  private static final int LENGTH_BYTES = Long.BYTES;
  private static final int ALIGNMENT_BYTES = 8;

  /**
   * A named float32 tensor, row-major.
   *
   * @param name not empty
   * @param shape at most 8 extents, each at least 0; none for a single value
   */
  public record Tensor(String name, List<Long> shape) {
    public Tensor {
      shape = List.copyOf(shape);
      if (name.isEmpty() || name.equals(METADATA_KEY) || !encodable(name)) {
        throw new IllegalArgumentException("no name for a tensor: \"" + name + '"');
      }
      if (shape.size() > MAX_RANK || shape.stream().anyMatch(extent -> extent < 0)) {
        throw new IllegalArgumentException("no shape: " + shape);
      }
    }

    /**
     * The product of the shape.
     *
     * @throws ArithmeticException if it exceeds 2^63-1
     */
    public long elementCount() {
      return shape.stream().reduce(1L, Math::multiplyExact);
    }
  }

  /** What reading gives: a file's content, or the rule it broke. */
  public sealed interface Reading {
    record Read(Safetensors content) implements Reading {}

    record Malformed(String rule) implements Reading {}
  }

  /** What the header says of one tensor. */
  record Entry(Tensor tensor, long beginBytes, long endBytes) {}

  /** A parsed header; entries in the order of the text. */
  record Header(List<Entry> entries, Map<String, String> metadata) {}

  public Safetensors {
    tensors = List.copyOf(tensors);
    metadata = Map.copyOf(metadata);
    if (tensors.size() > MAX_TENSORS) {
      throw new IllegalArgumentException(tensors.size() + " tensors");
    }
    Set<String> names = new HashSet<>();
    long elements = 0;
    for (Tensor tensor : tensors) {
      if (!names.add(tensor.name())) {
        throw new IllegalArgumentException("tensor named twice: " + tensor.name());
      }
      elements = Math.addExact(elements, tensor.elementCount());
    }
    if (elements != data.size()) {
      throw new IllegalArgumentException(elements + " elements, but " + data.size() + " values");
    }
    if (!metadata.entrySet().stream()
        .allMatch(text -> encodable(text.getKey()) && encodable(text.getValue()))) {
      throw new IllegalArgumentException("metadata is no text");
    }
  }

  /**
   * Reads a whole file; the result's values are a view of it. Refused: a header longer than the
   * file or 16 MiB, or not the JSON of the format; names that repeat; types other than F32; offsets
   * that overlap, leave gaps, do not match the shape or end elsewhere than the file.
   */
  public static Reading read(MemorySegment file) {
    try {
      return new Reading.Read(readOrThrow(file));
    } catch (MalformedHeaderException e) {
      return new Reading.Malformed(e.rule());
    }
  }

  /**
   * Everything that a file holds before the values: length, JSON, and spaces so that the values are
   * aligned. The same content always gives the same bytes.
   */
  public byte[] headerBytes() {
    byte[] json = HeaderWriter.json(this).getBytes(StandardCharsets.UTF_8);
    int sizeBytes = Math.ceilDiv(json.length, ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
    if (sizeBytes > MAX_HEADER_BYTES) {
      throw new IllegalStateException("header of " + sizeBytes + " bytes");
    }
    ByteBuffer header =
        ByteBuffer.allocate(LENGTH_BYTES + sizeBytes).order(ByteOrder.LITTLE_ENDIAN);
    header.putLong(sizeBytes).put(json);
    while (header.hasRemaining()) {
      header.put((byte) ' ');
    }
    return header.array();
  }

  private static Safetensors readOrThrow(MemorySegment file) {
    if (file.byteSize() < LENGTH_BYTES) {
      throw new MalformedHeaderException("file has no header length");
    }
    long headerBytes =
        file.get(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 0);
    if (headerBytes < 0 || headerBytes > MAX_HEADER_BYTES) {
      throw new MalformedHeaderException("header is longer than " + MAX_HEADER_BYTES + " bytes");
    }
    if (headerBytes > file.byteSize() - LENGTH_BYTES) {
      throw new MalformedHeaderException("header is longer than the file");
    }
    Header header = new HeaderParser(decode(file.asSlice(LENGTH_BYTES, headerBytes))).header();
    MemorySegment data = file.asSlice(LENGTH_BYTES + headerBytes);
    List<Entry> inOrder =
        header.entries().stream()
            .sorted(Comparator.comparingLong(Entry::beginBytes).thenComparingLong(Entry::endBytes))
            .toList();
    long end = 0;
    for (Entry entry : inOrder) {
      if (entry.beginBytes() != end) {
        throw new MalformedHeaderException("values overlap or leave a gap");
      }
      checkSize(entry);
      end = entry.endBytes();
    }
    if (end != data.byteSize()) {
      throw new MalformedHeaderException("values do not end where the file ends");
    }
    return new Safetensors(
        inOrder.stream().map(Entry::tensor).toList(), header.metadata(), FloatVector.view(data));
  }

  private static void checkSize(Entry entry) {
    try {
      long sizeBytes = Math.multiplyExact(entry.tensor().elementCount(), Float.BYTES);
      if (entry.endBytes() - entry.beginBytes() != sizeBytes) {
        throw new MalformedHeaderException("offsets do not match the shape");
      }
    } catch (ArithmeticException e) {
      throw new MalformedHeaderException("shape is too large");
    }
  }

  private static String decode(MemorySegment utf8) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(utf8.asByteBuffer()).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedHeaderException("header is not UTF-8");
    }
  }

  private static boolean encodable(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }
}
