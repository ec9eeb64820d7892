package org.hanse.client.trainer;

import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.hanse.core.plan.DataContract;
import org.hanse.core.plan.DataContract.Feature;

/**
 * A CSV file checked against a data contract. Records with a missing, malformed or out-of-range
 * value, an unknown class or the wrong number of fields are skipped, up to one in twenty.
 */
final class CsvDataset {
  /**
   * Values of features, and of classes one-hot, in one table: the engine takes each in one buffer
   * of at most 2^31 bytes of float32.
   */
  private static final long MAX_VALUES = Integer.MAX_VALUE / Float.BYTES;

  /** A table is refused when more than one record in so many is unusable. */
  private static final int BAD_ROWS_ONE_IN = 20;

  private static final int MAX_NUMBER_LENGTH = 64;

  private final DataContract contract;
  private final Map<String, Integer> classes = new HashMap<>();
  private final int[] featureFields;
  private final long maxRows;
  private int labelField;
  private int fieldCount;

  private float[] features;
  private int[] labels = new int[1024];
  private int rows;
  private long badRows;

  private CsvDataset(DataContract contract, long maxValues) {
    this.contract = contract;
    this.maxRows = maxValues / Math.max(contract.features().size(), contract.classes().size());
    this.featureFields = new int[contract.features().size()];
    this.features = new float[Math.max(1024, featureFields.length)];
    for (int i = 0; i < contract.classes().size(); i++) {
      classes.put(contract.classes().get(i), i);
    }
  }

  /** A table, or why there is none. */
  sealed interface Reading {
    record Accepted(RecordTable table) implements Reading {}

    record Rejected(List<DataProblem> problems) implements Reading {}
  }

  static Reading read(Path file, DataContract contract) {
    return read(file, contract, MAX_VALUES);
  }

  /** As {@link #read(Path, DataContract)}, with a limit that a test reaches. */
  static Reading read(Path file, DataContract contract, long maxValues) {
    var decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    if (!Files.isRegularFile(file)) { // a pipe or device could keep its reader waiting for ever
      return new Reading.Rejected(List.of(DataProblem.FILE_UNREADABLE));
    }
    CsvDataset dataset = new CsvDataset(contract, maxValues);
    try (CsvReader reader =
        new CsvReader(new InputStreamReader(Files.newInputStream(file), decoder))) {
      Set<DataProblem> problems = dataset.readHeader(reader);
      if (problems.isEmpty()) {
        problems = dataset.readRecords(reader);
      }
      return problems.isEmpty()
          ? new Reading.Accepted(dataset.table())
          : new Reading.Rejected(List.copyOf(problems));
    } catch (CharacterCodingException e) {
      return new Reading.Rejected(List.of(DataProblem.ENCODING_INVALID));
    } catch (IOException e) {
      return new Reading.Rejected(List.of(DataProblem.FILE_UNREADABLE));
    }
  }

  private Set<DataProblem> readHeader(CsvReader reader) throws IOException {
    if (reader.next() != CsvReader.Line.RECORD) {
      return EnumSet.of(DataProblem.SYNTAX_INVALID);
    }
    List<String> header = reader.fields();
    Map<String, Integer> positions = new HashMap<>();
    Set<String> repeated = new HashSet<>();
    for (int i = 0; i < header.size(); i++) {
      if (positions.putIfAbsent(header.get(i), i) != null) {
        repeated.add(header.get(i));
      }
    }
    fieldCount = header.size();
    Set<DataProblem> problems = EnumSet.noneOf(DataProblem.class);
    for (int i = 0; i < featureFields.length; i++) {
      featureFields[i] = find(contract.features().get(i).column(), positions, repeated, problems);
    }
    labelField = find(contract.label(), positions, repeated, problems);
    return problems;
  }

  private static int find(
      String column,
      Map<String, Integer> positions,
      Set<String> repeated,
      Set<DataProblem> problems) {
    if (repeated.contains(column)) {
      problems.add(DataProblem.COLUMN_REPEATED);
    }
    Optional<Integer> position = Optional.ofNullable(positions.get(column));
    if (position.isEmpty()) {
      problems.add(DataProblem.COLUMN_MISSING);
    }
    return position.orElse(-1);
  }

  private Set<DataProblem> readRecords(CsvReader reader) throws IOException {
    CsvReader.Line line = reader.next();
    while (line != CsvReader.Line.END) {
      if (line == CsvReader.Line.BROKEN) {
        return EnumSet.of(DataProblem.SYNTAX_INVALID);
      }
      if (rows == maxRows) {
        return EnumSet.of(DataProblem.FILE_TOO_LARGE);
      }
      if (line == CsvReader.Line.RECORD && add(reader.fields())) {
        rows++;
      } else {
        badRows++;
      }
      line = reader.next();
    }
    Set<DataProblem> problems = EnumSet.noneOf(DataProblem.class);
    if (rows < contract.minimumRows()) {
      problems.add(DataProblem.TOO_FEW_ROWS);
    }
    if (badRows * BAD_ROWS_ONE_IN > rows + badRows) {
      problems.add(DataProblem.TOO_MANY_BAD_ROWS);
    }
    return problems;
  }

  /** Writes a record behind the last one; false, with nothing added, if it is unusable. */
  private boolean add(List<String> fields) {
    if (fields.size() != fieldCount) {
      return false;
    }
    Integer label = classes.get(fields.get(labelField));
    if (label == null) {
      return false;
    }
    int offset = rows * featureFields.length;
    features = withRoomFor(features, offset + featureFields.length);
    for (int i = 0; i < featureFields.length; i++) {
      Feature feature = contract.features().get(i);
      double value = number(fields.get(featureFields[i]));
      if (!(value >= feature.minimum() && value <= feature.maximum())) {
        return false; // NaN too
      }
      features[offset + i] =
          (float) ((value - feature.minimum()) / (feature.maximum() - feature.minimum()));
    }
    if (rows == labels.length) {
      labels = Arrays.copyOf(labels, grown(rows + 1));
    }
    labels[rows] = label;
    return true;
  }

  /** A decimal number, or NaN. Java's own parser would also take hexadecimal, "1f" and blanks. */
  private static double number(String text) {
    if (text.isEmpty() || text.length() > MAX_NUMBER_LENGTH) {
      return Double.NaN;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!(c >= '0' && c <= '9') && "+-.eE".indexOf(c) < 0) {
        return Double.NaN;
      }
    }
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  private static float[] withRoomFor(float[] array, int size) {
    return size <= array.length ? array : Arrays.copyOf(array, grown(size));
  }

  private static int grown(int size) {
    return (int) Math.min(MAX_VALUES, (long) size + (size >> 1) + 1024);
  }

  private RecordTable table() {
    return new RecordTable(
        Arrays.copyOf(features, rows * featureFields.length),
        Arrays.copyOf(labels, rows),
        contract.classes().size());
  }
}
