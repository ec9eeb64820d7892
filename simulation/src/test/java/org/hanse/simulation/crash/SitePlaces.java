package org.hanse.simulation.crash;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.hanse.simulation.crash.disk.DiskWatch.Write;

/**
 * What the files in a site's state directory are called in the names of failpoints. The journal
 * goes by the kind of the record that was written to it last.
 */
final class SitePlaces {
  private static final int JOURNAL_HEADER_BYTES = 12;
  private static final int KIND_WORD = 2;

  private final Path state;
  private volatile String record = "begin";

  SitePlaces(Path state) {
    this.state = state;
  }

  /** Of a file or directory. */
  String of(Path file) {
    if (file.equals(state)) {
      return "state";
    }
    if (!file.startsWith(state)) {
      return "parent";
    }
    Path below = state.relativize(file);
    String first = below.getName(0).toString();
    String name = file.getFileName().toString();
    if (first.equals("journal")) {
      return "journal." + record;
    }
    if (below.getNameCount() == 1) {
      return first;
    }
    return switch (first) {
      case "updates" -> name.endsWith(".partial") ? "update-draft" : "update";
      case "models" ->
          name.endsWith(".next.partial")
              ? "next-model"
              : name.endsWith(".partial") ? "model-download" : "model";
      case "results" -> "sum";
      default -> "unknown-" + first;
    };
  }

  /** Of what is written; the pieces of a file after its first go by another name. */
  String of(Write write) {
    if (write.file().endsWith("journal")) {
      record = record(write.bytes());
      return of(write.file());
    }
    return write.position() > 0 ? of(write.file()) + ".later" : of(write.file());
  }

  private static String record(ByteBuffer bytes) {
    if (bytes.remaining() <= JOURNAL_HEADER_BYTES) {
      return "begin";
    }
    byte[] content = new byte[bytes.remaining() - JOURNAL_HEADER_BYTES];
    bytes.get(bytes.position() + JOURNAL_HEADER_BYTES, content);
    return new String(content, UTF_8).split(" ", -1)[KIND_WORD];
  }
}
