package org.hanse.client.storage;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import org.hanse.core.vector.Chunking;
import org.hanse.core.vector.FloatVector;
import org.hanse.core.vector.IntChunks;
import org.hanse.core.vector.LittleEndian;

/** Models, sums and uploads in files, mapped: read where needed, never whole on the heap. */
public final class VectorFiles {
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
   * A sum or an upload, in little-endian elements.
   *
   * @throws IOException also if the file has another length
   */
  public static IntChunks ints(Path file, Chunking chunking) throws IOException {
    return new MappedElements(read(file, chunking.lengthBytes()), chunking);
  }

  private static MemorySegment read(Path file, long sizeBytes) throws IOException {
    MemorySegment content = MappedFile.read(file);
    if (content.byteSize() != sizeBytes) {
      throw new IOException(file + " has " + content.byteSize() + " bytes instead of " + sizeBytes);
    }
    return content;
  }

  private record MappedElements(MemorySegment content, Chunking chunking) implements IntChunks {
    @Override
    public int[] read(long chunk) {
      byte[] bytes =
          content
              .asSlice(chunking.firstByte(chunk), chunking.sizeBytes(chunk))
              .toArray(ValueLayout.JAVA_BYTE);
      return LittleEndian.elements(bytes, chunking.elementBytes());
    }
  }
}
