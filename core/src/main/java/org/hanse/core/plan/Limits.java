package org.hanse.core.plan;

/** Every maximum that a manifest or a message must respect, checked where the data enters. */
public final class Limits {
  /** The complete graph costs O(n) masks a site; larger cohorts need the graph mode. */
  public static final int MAX_MEMBERS = 256;

  /**
   * In hybrid suites, where what opens a sum holds a ciphertext for each pair of a dropout and a
   * survivor: for 32 of each it still fits one message.
   */
  public static final int MAX_HYBRID_MEMBERS = 64;

  /** Rounds of a job. */
  public static final long MAX_ROUNDS = 1_000_000;

  /** Chunks of one sum that each site recomputes. */
  public static final int MAX_AUDIT_CHUNKS = 64;

  /** Attempts at one round, and releases on one model. */
  public static final int MAX_ATTEMPTS = 16;

  /** Tensors of a model. */
  public static final int MAX_TENSORS = 10_000;

  /** Extents of a tensor's shape. */
  public static final int MAX_TENSOR_RANK = 8;

  /** Characters of a tensor's name. */
  public static final int MAX_TENSOR_NAME_LENGTH = 200;

  /** Layers of a model. */
  public static final int MAX_LAYERS = 1_000;

  /** Metrics masked beside an update. */
  public static final int MAX_METRICS = 64;

  /** Feature columns of a data contract. */
  public static final int MAX_COLUMNS = 100_000;

  /** Classes that a model tells apart. */
  public static final int MAX_CLASSES = 1_000_000;

  /** Characters of a text for people: titles, organisations, columns, classes. */
  public static final int MAX_TEXT_LENGTH = 200;

  /** Passes over a site's records in one round. */
  public static final int MAX_EPOCHS = 1_000;

  /** Records in one step of local training. */
  public static final int MAX_BATCH_SIZE = 65_536;

  /** Height, width or channels of an image, or features of a row. */
  public static final int MAX_INPUT_EXTENT = 1_000_000;

  /** Output channels of a convolution. */
  public static final int MAX_CHANNELS = 65_536;

  /** Extent of a kernel or pooling window, and its stride. */
  public static final int MAX_WINDOW = 1_024;

  /** Units of a dense layer. */
  public static final int MAX_UNITS = 10_000_000;

  /** Examples that make one unit of a site's weight. */
  public static final long MAX_EXAMPLES_PER_WEIGHT_UNIT = 1L << 40;

  /**
   * Clip norm, largest coordinate, metric bounds and server learning rate are from here to {@link
   * #MAX_SCALE}: far beyond any sane value, and their products with ring elements and with each
   * other stay normal float64 numbers.
   */
  public static final double MIN_SCALE = 1e-30;

  /** The other end of the range that {@link #MIN_SCALE} begins. */
  public static final double MAX_SCALE = 1e30;

  /** 2^37 float32 values are 512 GiB; index arithmetic stays far from overflow. */
  public static final long MAX_PARAMETERS = 1L << 37;

  /** Any step of a round: 30 days. */
  public static final long MAX_DEADLINE_SECONDS = 30L * 24 * 3600;

  /** A manifest travels in one message. */
  public static final int MAX_MANIFEST_BYTES = 2 << 20;

  /** Elements of a chunk of the masked vector: 1 MiB of int32, or half of it of int16. */
  public static final int CHUNK_ELEMENTS = 1 << 18;

  private Limits() {}

  /** Returns {@code value} if {@code min <= value <= max}, else says which rule it broke. */
  static long inRange(String what, long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          what + " must be from " + min + " to " + max + ", not " + value);
    }
    return value;
  }

  /** Returns {@code value} if it is finite and {@code > 0}. */
  static double positive(String what, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(what + " must be positive and finite, not " + value);
    }
    return value;
  }

  /** Returns {@code value} if it is from {@link #MIN_SCALE} to {@link #MAX_SCALE}. */
  static double scale(String what, double value) {
    if (!(value >= MIN_SCALE && value <= MAX_SCALE)) {
      throw new IllegalArgumentException(
          what + " must be from " + MIN_SCALE + " to " + MAX_SCALE + ", not " + value);
    }
    return value;
  }

  /** Returns {@code text} if it has 1 to {@code maxLength} characters and no control character. */
  static String text(String what, String text, int maxLength) {
    if (text.isEmpty()
        || text.length() > maxLength
        || text.codePoints().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          what
              + " must be 1 to "
              + maxLength
              + " characters without control characters, not \""
              + Names.printable(text)
              + '"');
    }
    return text;
  }
}
