package org.hanse.simulation.disk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** What a name on the disk stands for. */
sealed interface Node {

  /** Names, as they are and as a power cut would leave them. */
  final class Directory implements Node {
    final TreeMap<String, Node> entries = new TreeMap<>();
    final TreeMap<String, Node> synced = new TreeMap<>();
  }

  /** Bytes, as they are and as a power cut would leave them at worst. */
  final class File implements Node {
    private byte[] content = new byte[0];
    private byte[] synced = content;
    private final List<Write> unsynced = new ArrayList<>();
    long modifiedNanos;

    /** Bytes written at a position; empty bytes cut the file there. */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Write(int position, byte[] bytes, boolean truncates) {}

    int size() {
      return content.length;
    }

    byte[] content() {
      return content;
    }

    void write(int position, byte[] bytes) {
      content = written(content, position, bytes);
      unsynced.add(new Write(position, bytes, false));
    }

    void truncate(int size) {
      if (size < content.length) {
        content = Arrays.copyOf(content, size);
        unsynced.add(new Write(size, new byte[0], true));
      }
    }

    void sync() {
      synced = content;
      unsynced.clear();
    }

    boolean isSynced() {
      return unsynced.isEmpty();
    }

    void flipBit(SplittableRandom random) {
      if (content.length > 0) {
        content = content.clone();
        content[random.nextInt(content.length)] ^= (byte) (1 << random.nextInt(8));
        sync();
      }
    }

    /**
     * A power cut: of what is not synced each write is there, lost or torn; one that made the file
     * longer may have left it longer without its bytes.
     */
    void losePower(SplittableRandom random) {
      byte[] left = synced;
      for (Write write : unsynced) {
        switch (random.nextInt(4)) {
          case 0 -> {}
          case 1 -> left = apply(left, write);
          case 2 ->
              left =
                  write.truncates() || write.bytes().length == 0
                      ? left
                      : torn(left, write, random.nextInt(write.bytes().length));
          default ->
              left =
                  write.truncates()
                      ? left
                      : Arrays.copyOf(
                          left, Math.max(left.length, write.position() + write.bytes().length));
        }
      }
      content = left;
      sync();
    }

    /** What is written behind the end of a torn write never came either. */
    private static byte[] torn(byte[] before, Write write, int length) {
      return write.position() > before.length
          ? before
          : written(before, write.position(), Arrays.copyOf(write.bytes(), length));
    }

    private static byte[] apply(byte[] before, Write write) {
      return write.truncates()
          ? Arrays.copyOf(before, Math.min(before.length, write.position()))
          : written(before, write.position(), write.bytes());
    }

    private static byte[] written(byte[] before, int position, byte[] bytes) {
      byte[] after = Arrays.copyOf(before, Math.max(before.length, position + bytes.length));
      System.arraycopy(bytes, 0, after, position, bytes.length);
      return after;
    }
  }
}
