package org.hanse.core.encode;

import java.util.Arrays;
import org.hanse.core.crypto.Fields;
import org.hanse.core.crypto.LabelledHash;
import org.hanse.core.crypto.MaskStream;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.Limits;

/**
 * A random orthonormal transform of a vector, the same at every site of a round. It spreads every
 * coordinate evenly over about 2^18 others, so that a small largest coordinate, and with it a small
 * ring step, loses little. Lengths stay; so do weighted averages, since it is linear.
 *
 * <p>Shape: m to m, in units of the update. A block is b = min(2^18, largest power of two up to m)
 * elements. The vector is cut into pieces of b; the last one is longer by what is left over, b to
 * 2b-1 elements. A piece of s elements is transformed by
 *
 * <ol>
 *   <li>its first b elements: random signs, the fast Walsh-Hadamard transform, the factor
 *       1/sqrt(b);
 *   <li>if s &gt; b, its last b elements likewise, with signs of their own: without any, the second
 *       transform would undo the first where they overlap, and with the same ones its input would
 *       depend on them, so that nothing could be said of its output.
 * </ol>
 *
 * <p>After either step |y_i| exceeds a with a probability of at most 2 exp(-a^2 b / (2 n^2)) over
 * the signs, n being the piece's L2 norm (Hoeffding), whatever the vector is. Signs are public and
 * follow from ectx: element i's is the top bit of 32-bit word i of a stream under H("flsa1/signs",
 * ectx, u8 step, u64 segment).
 *
 * <p>Plain float64 additions, subtractions and products in a fixed order, so every site and the
 * coordinator get the same bits; restoring gives the vector up to float64 rounding. Immutable and
 * thread-safe; memory is that of the caller's array and a block of signs.
 *
 * <p>Source: Ailon and Chazelle, The Fast Johnson-Lindenstrauss Transform and Approximate Nearest
 * Neighbors, SIAM J. Comput. 39(1), 2009 (signs, then the transform); Suresh et al., Distributed
 * Mean Estimation with Limited Communication, ICML 2017, section 3 (before quantisation). The
 * overlap in place of padding is our own: docs/adr/0007.
 */
public final class HadamardRotation {
  /** Largest block: a chunk, so that pieces begin where chunks do. */
  private static final long MAX_BLOCK_ELEMENTS = Limits.CHUNK_ELEMENTS;

  private static final double EXCEEDED_WITH_PROBABILITY = 0x1p-20;

  private final long lengthElements;
  private final int block;
  private final double factor;
  private final Hash encodingContext;

  /**
   * The rotation of one round.
   *
   * @param lengthElements m, at least 1
   * @param encodingContext ectx of the round
   */
  public HadamardRotation(long lengthElements, Hash encodingContext) {
    if (lengthElements < 1) {
      throw new IllegalArgumentException("cannot rotate " + lengthElements + " elements");
    }
    this.lengthElements = lengthElements;
    this.block = blockElements(lengthElements);
    this.factor = 1 / Math.sqrt(block);
    this.encodingContext = encodingContext;
  }

  /**
   * A bound that no rotated coordinate of a vector of this length exceeds but with a probability of
   * 2^-20: C sqrt(2 ln(2m / 2^-20) / b), and never more than C. By Hoeffding's bound for each of m
   * coordinates, none of which can be longer than the vector. About 0.015 C from a million elements
   * on.
   *
   * @param lengthElements m, at least 1
   * @param normL2 C, the vector's largest L2 norm
   */
  public static double likelyMaxAbs(long lengthElements, double normL2) {
    double logarithm = Math.log(2.0 * lengthElements / EXCEEDED_WITH_PROBABILITY);
    return normL2 * Math.min(1, Math.sqrt(2 * logarithm / blockElements(lengthElements)));
  }

  /** b = min(2^18, largest power of two up to {@code lengthElements}). */
  public static int blockElements(long lengthElements) {
    return (int) Math.min(MAX_BLOCK_ELEMENTS, Long.highestOneBit(lengthElements));
  }

  /** Number of pieces, at least 1. */
  public long pieceCount() {
    return lengthElements / block;
  }

  /** The piece that holds this element. */
  public long pieceOf(long element) {
    if (element < 0 || element >= lengthElements) {
      throw new IllegalArgumentException("no element " + element + " of " + lengthElements);
    }
    return Math.min(element / block, pieceCount() - 1);
  }

  /**
   * Index of the piece's first element.
   *
   * @param piece from 0
   */
  public long firstElement(long piece) {
    if (piece < 0 || piece >= pieceCount()) {
      throw new IllegalArgumentException("no piece " + piece + " of " + pieceCount());
    }
    return piece * block;
  }

  /** Number of elements in the piece: b, in the last one up to 2b-1. */
  public int elementsIn(long piece) {
    long first = firstElement(piece);
    return (int) (piece == pieceCount() - 1 ? lengthElements - first : block);
  }

  /**
   * Rotates one piece in place.
   *
   * @param values the piece's elements, finite
   * @throws IllegalArgumentException if it has another length
   */
  public void rotate(long piece, double[] values) {
    int last = requireLength(piece, values) - block;
    sign(values, piece, 0, 0);
    transform(values, 0);
    if (last > 0) {
      sign(values, piece, last, 1);
      transform(values, last);
    }
  }

  /**
   * Undoes {@link #rotate}, likewise in place.
   *
   * @param values the piece's rotated elements
   * @throws IllegalArgumentException if it has another length
   */
  public void restore(long piece, double[] values) {
    int last = requireLength(piece, values) - block;
    if (last > 0) {
      transform(values, last);
      sign(values, piece, last, 1);
    }
    transform(values, 0);
    sign(values, piece, 0, 0);
  }

  /** Where a vector's elements come from. */
  interface Source {
    /** A new array of {@code count} elements from {@code first} on, which begins a piece. */
    double[] read(long first, int count);
  }

  /** {@code count} elements of the rotated vector from {@code first} on, all of one piece. */
  double[] rotated(long first, int count, Source source) {
    return within(first, count, source, this::rotate);
  }

  /** {@code count} elements from {@code first} on, all of one piece, of what was rotated. */
  double[] restored(long first, int count, Source rotated) {
    return within(first, count, rotated, this::restore);
  }

  private interface Step {
    void on(long piece, double[] values);
  }

  private double[] within(long first, int count, Source source, Step step) {
    long piece = pieceOf(first);
    long start = firstElement(piece);
    double[] values = source.read(start, elementsIn(piece));
    step.on(piece, values);
    int skipped = (int) (first - start);
    return Arrays.copyOfRange(values, skipped, skipped + count);
  }

  private int requireLength(long piece, double[] values) {
    int expected = elementsIn(piece);
    if (values.length != expected) {
      throw new IllegalArgumentException(
          values.length + " elements of piece " + piece + ", not " + expected);
    }
    return expected;
  }

  /** Multiplies a block, from {@code offset} in the piece on, by the signs of a step. */
  private void sign(double[] values, long piece, int offset, int step) {
    int[] words = new int[block];
    new MaskStream(segment -> key(step, segment)).add(words, firstElement(piece) + offset);
    for (int i = 0; i < block; i++) {
      if (words[i] < 0) {
        values[offset + i] = -values[offset + i];
      }
    }
  }

  /** Public, like the hash that it is. */
  private SecretBytes key(int step, long segment) {
    Hash key =
        LabelledHash.hash("flsa1/signs", new Fields().hash(encodingContext).u8(step).u64(segment));
    return SecretBytes.adopt(key.bytes().toByteArray());
  }

  /** The Walsh-Hadamard transform of a block in natural order, times 1/sqrt(b): its own inverse. */
  private void transform(double[] values, int offset) {
    int end = offset + block;
    for (int half = 1; half < block; half <<= 1) {
      for (int start = offset; start < end; start += half << 1) {
        for (int i = start; i < start + half; i++) {
          double upper = values[i];
          double lower = values[i + half];
          values[i] = upper + lower;
          values[i + half] = upper - lower;
        }
      }
    }
    for (int i = offset; i < end; i++) {
      values[i] *= factor;
    }
  }
}
