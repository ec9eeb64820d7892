package org.hanse.simulation.crash;

import java.nio.file.Path;
import org.hanse.simulation.crash.disk.DiskWatch.Write;

/** What the files in a coordinator's data directory are called in the names of failpoints. */
record CoordinatorPlaces(Path data) {
  private static final String DRAFT = ".draft";
  private static final String HASHES = ".hashes";

  /** Of a file or directory. */
  String of(Path file) {
    if (!file.startsWith(data)) {
      return "parent";
    }
    Path below = data.relativize(file);
    String first = below.getName(0).toString();
    return switch (first) {
      case "" -> "data";
      case "lock", "native" -> first;
      case "incoming" -> below.getNameCount() == 1 ? first : staged(below);
      case "jobs" ->
          switch (below.getNameCount()) {
            case 1 -> "jobs";
            case 2 -> "job";
            default -> ofJob(below);
          };
      default -> first.startsWith("coordinator.db") ? "database" : "unknown-" + first;
    };
  }

  private static String staged(Path below) {
    return switch (below.getNameCount()) {
      case 2 -> "staging";
      case 3 -> below.endsWith("models") ? "staged-models" : "staged-" + draft(below, "manifest");
      default -> "staged-" + draft(below, "model");
    };
  }

  private static String ofJob(Path below) {
    String third = below.getName(2).toString();
    int depth = below.getNameCount();
    if (third.startsWith("manifest")) {
      return "manifest";
    }
    if (third.equals("models")) {
      return depth == 3 ? "models" : draft(below, "model");
    }
    return switch (depth) {
      case 3 -> "rounds";
      case 4 -> "round";
      case 5 ->
          below.getFileName().toString().startsWith("transcript")
              ? draft(below, "transcript")
              : "attempt";
      case 6 -> below.endsWith("uploads") ? "uploads" : draft(below, "sum");
      default -> below.toString().endsWith(HASHES) ? "upload-hashes" : "upload";
    };
  }

  private static String draft(Path file, String name) {
    return file.toString().endsWith(DRAFT) ? name + "-draft" : name;
  }

  /** Of what is written; the chunks of an upload after its first go by another name. */
  String of(Write write) {
    String place = of(write.file());
    return place.startsWith("upload") && write.position() > 0 ? place + ".later" : place;
  }
}
