package org.hanse.simulation.deal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A comma-separated table of numbers without quoting, as the shipped examples are.
 *
 * @param header its first line
 * @param records the others, in file order
 */
public record Table(String header, List<Line> records) {

  /**
   * One record.
   *
   * @param label the text of its label column
   * @param text the whole line
   */
  public record Line(String label, String text) {}

  public Table {
    records = List.copyOf(records);
  }

  /**
   * Reads a table.
   *
   * @throws IOException if the file cannot be read or lacks {@code labelColumn}
   */
  public static Table read(Path file, String labelColumn) throws IOException {
    List<String> lines = Files.readAllLines(file, UTF_8);
    List<String> columns = lines.isEmpty() ? List.of() : List.of(lines.getFirst().split(",", -1));
    int label = columns.indexOf(labelColumn);
    if (label < 0) {
      throw new IOException(file.getFileName() + " has no column \"" + labelColumn + '"');
    }
    List<Line> records = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split(",", -1);
      if (cells.length != columns.size()) {
        throw new IOException(
            file.getFileName()
                + " has a line of "
                + cells.length
                + " cells, not "
                + columns.size());
      }
      records.add(new Line(cells[label], line));
    }
    return new Table(lines.getFirst(), records);
  }

  /** Writes {@code records} under this table's header. */
  public static void write(Path file, String header, List<Line> records) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(header);
    records.forEach(line -> lines.add(line.text()));
    Files.write(file, lines, UTF_8);
  }
}
