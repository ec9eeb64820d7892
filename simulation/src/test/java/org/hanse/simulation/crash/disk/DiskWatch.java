package org.hanse.simulation.crash.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Hears of every change of the disk before it happens. Paths are those of the real disk. */
public interface DiskWatch {

  /** What changes beside a file's content. */
  enum Change {
    CREATE,
    MAKE_DIRECTORY,
    TRUNCATE,
    /** A file's content becomes durable. */
    SYNC,
    /** The names in a directory become durable. */
    SYNC_NAMES,
    /** Of the name that goes away. */
    RENAME,
    DELETE
  }

  /** {@code file} is about to change so. */
  void before(Change change, Path file) throws IOException;

  /** Bytes are about to be written. */
  void before(Write write) throws IOException;

  /** Bytes for a file. */
  interface Write {
    Path file();

    /** The bytes, to be read only. */
    ByteBuffer bytes();

    long position();

    /** Writes the first half of them. */
    void half() throws IOException;
  }
}
