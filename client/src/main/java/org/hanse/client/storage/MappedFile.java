package org.hanse.client.storage;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Files as memory: read where needed, never whole on the heap; unmapped when unreachable. */
final class MappedFile {
  /** Vectors are written and hashed in pieces of this size. */
  static final int PIECE_BYTES = 1 << 20;

  private MappedFile() {}

  static MemorySegment read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
    }
  }

  /** Calls {@code sink} with consecutive pieces of {@code segment}. */
  static void pieces(MemorySegment segment, PieceSink sink) throws IOException {
    for (long start = 0; start < segment.byteSize(); start += PIECE_BYTES) {
      sink.accept(segment.asSlice(start, Math.min(PIECE_BYTES, segment.byteSize() - start)));
    }
  }

  /** Takes one piece. */
  interface PieceSink {
    void accept(MemorySegment piece) throws IOException;
  }
}
