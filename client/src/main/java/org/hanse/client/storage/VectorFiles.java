package org.hanse.client.storage;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.hanse.core.vector.Chunking;
import org.hanse.core.vector.FloatVector;
import org.hanse.core.vector.IntChunks;

/** Models, sums and uploads in files, mapped: read where needed, never whole on the heap. */
public final class VectorFiles {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private VectorFiles() {}

  /**
   * A model of {@code parameterCount} little-endian float32.
   *
   * @throws IOException also if the file has another length
   */
  public static FloatVector model(Path file, long parameterCount) throws IOException {
    return FloatVector.view(read(file, parameterCount * Float.BYTES));
  }

  /**
   * A sum or an upload, little-endian int32.
   *
   * @throws IOException also if the file has another length
   */
  public static IntChunks ints(Path file, Chunking chunking) throws IOException {
    return new MappedInts(read(file, chunking.lengthElements() * Integer.BYTES), chunking);
  }

  private static MemorySegment read(Path file, long sizeBytes) throws IOException {
    MemorySegment content = MappedFile.read(file);
    if (content.byteSize() != sizeBytes) {
      throw new IOException(file + " has " + content.byteSize() + " bytes instead of " + sizeBytes);
    }
    return content;
  }

  private record MappedInts(MemorySegment content, Chunking chunking) implements IntChunks {
    @Override
    public int[] read(long chunk) {
      int[] elements = new int[chunking.elementsIn(chunk)];
      MemorySegment.copy(
          content, INT, chunking.firstElement(chunk) * Integer.BYTES, elements, 0, elements.length);
      return elements;
    }
  }
}
