package org.hanse.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a benchmark found, for a person or for a program. */
final class Report {
  private static final double NANOS_PER_MILLI = 1e6;

  /** As written on the command line. */
  enum Output {
    table,
    json
  }

  private final List<String> lines = new ArrayList<>();
  private final ObjectNode json = new ObjectMapper().createObjectNode();

  /** A fact about the run or the machine. */
  void fact(String key, String value) {
    lines.add(String.format("%-52s%s", words(key), value));
    json.put(key, value);
  }

  /** A whole number. */
  void count(String key, long value) {
    lines.add(String.format("%-52s%d", words(key), value));
    json.put(key, value);
  }

  /** A ratio, or a number that is none of these. */
  void number(String key, double value) {
    lines.add(String.format("%-52s%.2f", words(key), value));
    json.put(key, value);
  }

  /** The head of the times that follow. */
  void head() {
    lines.add("");
    lines.add(
        String.format("%-52s%10s%10s%10s%10s", "milliseconds", "CPU", "best", "wall", "best"));
  }

  /** Times in milliseconds: medians with the best. */
  void times(String key, Measurement measured) {
    Measurement.Cost median = measured.median();
    Measurement.Cost best = measured.best();
    lines.add(
        String.format(
            "%-52s%10.1f%10.1f%10.1f%10.1f",
            words(key),
            median.cpuNanos() / NANOS_PER_MILLI,
            best.cpuNanos() / NANOS_PER_MILLI,
            median.wallNanos() / NANOS_PER_MILLI,
            best.wallNanos() / NANOS_PER_MILLI));
    json.putObject(key)
        .put("cpuMillis", median.cpuNanos() / NANOS_PER_MILLI)
        .put("bestCpuMillis", best.cpuNanos() / NANOS_PER_MILLI)
        .put("wallMillis", median.wallNanos() / NANOS_PER_MILLI)
        .put("bestWallMillis", best.wallNanos() / NANOS_PER_MILLI);
  }

  /** An empty line in the table. */
  void gap() {
    lines.add("");
  }

  void print(PrintWriter out, Output output) {
    switch (output) {
      case table -> lines.forEach(out::println);
      case json -> out.println(json);
    }
    out.flush();
  }

  /** "clientMasks" as "client masks". */
  private static String words(String key) {
    return key.replaceAll("(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
  }
}
