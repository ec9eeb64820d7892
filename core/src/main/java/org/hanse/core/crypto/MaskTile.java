package org.hanse.core.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.hanse.core.plan.Ring;

/**
 * A stretch of ring elements that stays in the cache while masks are applied to it: as many as a
 * tile of the key stream has words. Secret while in use. Not thread-safe.
 *
 * <p>The loops run over whole tiles: the bound that the compiler sees is the array's own length,
 * which keeps them vectorized. Beyond the end of a short last tile they add what nobody reads.
 */
sealed interface MaskTile extends Erasable {

  static MaskTile of(Ring ring) {
    return switch (ring) {
      case Z32 -> new Ints(new int[KeyStream.TILE_BYTES / Integer.BYTES]);
      case Z16 -> new Shorts(new short[KeyStream.TILE_BYTES / Short.BYTES]);
    };
  }

  /** Elements that fit. */
  int size();

  /** Takes {@code count} elements, at most {@link #size}, from {@code offset} on. */
  void load(int[] elements, int offset, int count);

  /**
   * Adds one mask.
   *
   * @param mask a whole tile, little-endian
   */
  void add(byte[] mask);

  /** Subtracts one mask, likewise. */
  void subtract(byte[] mask);

  /** Writes {@code count} elements back, as signed integers. */
  void store(int[] elements, int offset, int count);

  /** Modulo 2^32. */
  @SuppressWarnings("ArrayRecordComponent") // a buffer, compared by nobody
  record Ints(int[] tile) implements MaskTile {
    private static final VarHandle INTS =
        MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    @Override
    public int size() {
      return tile.length;
    }

    @Override
    public void load(int[] elements, int offset, int count) {
      System.arraycopy(elements, offset, tile, 0, count);
    }

    @Override
    public void add(byte[] mask) {
      int[] sum = tile;
      for (int i = 0; i < sum.length; i++) {
        sum[i] += (int) INTS.get(mask, i << 2);
      }
    }

    @Override
    public void subtract(byte[] mask) {
      int[] sum = tile;
      for (int i = 0; i < sum.length; i++) {
        sum[i] -= (int) INTS.get(mask, i << 2);
      }
    }

    @Override
    public void store(int[] elements, int offset, int count) {
      System.arraycopy(tile, 0, elements, offset, count);
    }

    @Override
    public void erase() {
      Arrays.fill(tile, 0);
    }
  }

  /** Modulo 2^16: twice as many elements in a tile, and in a vector of the processor. */
  @SuppressWarnings("ArrayRecordComponent") // as above
  record Shorts(short[] tile) implements MaskTile {
    private static final VarHandle SHORTS =
        MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    @Override
    public int size() {
      return tile.length;
    }

    @Override
    public void load(int[] elements, int offset, int count) {
      for (int i = 0; i < count; i++) {
        tile[i] = (short) elements[offset + i];
      }
    }

    @Override
    public void add(byte[] mask) {
      short[] sum = tile;
      for (int i = 0; i < sum.length; i++) {
        sum[i] += (short) SHORTS.get(mask, i << 1);
      }
    }

    @Override
    public void subtract(byte[] mask) {
      short[] sum = tile;
      for (int i = 0; i < sum.length; i++) {
        sum[i] -= (short) SHORTS.get(mask, i << 1);
      }
    }

    @Override
    public void store(int[] elements, int offset, int count) {
      for (int i = 0; i < count; i++) {
        elements[offset + i] = tile[i];
      }
    }

    @Override
    public void erase() {
      Arrays.fill(tile, (short) 0);
    }
  }
}
