package org.hanse.client.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.hanse.core.plan.DataContract;
import org.hanse.core.plan.DataContract.Feature;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvDatasetTest {
  private static final String HEADER = "id,diagnosis,size,age\n";
  private static final DataContract CONTRACT =
      new DataContract(
          "growths",
          List.of(new Feature("age", 0, 100), new Feature("size", -1, 3)),
          "diagnosis",
          List.of("benign", "malignant"),
          2);

  @TempDir Path directory;

  @Test
  void read_columnsInAnyOrder_scaledToContractOrder() throws IOException {
    RecordTable table =
        table(HEADER + "7,malignant,3,25\n8,benign,-1.0,1e2\n9,\"benign\",\"0\",+0.5\n");

    assertThat(table.size()).isEqualTo(3);
    assertThat(table.featureCount()).isEqualTo(2);
    assertThat(table.classCount()).isEqualTo(2);
    assertThat(features(table)).isEqualTo(new float[] {0.25f, 1, 1, 0, 0.005f, 0.25f});
    assertThat(new int[] {table.label(0), table.label(1), table.label(2)})
        .isEqualTo(new int[] {1, 0, 0});
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0,benign,1", // a field missing
        "0,benign,1,2,3", // one too many
        "0,unknown,1,2", // a class the contract does not know
        "0,,1,2",
        "0,benign,,2",
        "0,benign,NaN,2",
        "0,benign,0x1p1,2",
        "0,benign,1f,2",
        "0,benign, 1,2",
        "0,benign,1.2.3,2",
        "0,benign,3.1,2", // out of range
        "0,benign,1,-0.001",
        "0,benign,1,100.5",
        "0,benign,1e400,2",
        "0,benign,1\"2,2",
      })
  void read_unusableRecord_skippedUpToOneInTwenty(String bad) throws IOException {
    String good = "0,benign,1,2\n";

    assertThat(table(HEADER + good.repeat(10) + bad + "\n" + good.repeat(9)).size()).isEqualTo(19);
    assertThat(problems(HEADER + good.repeat(9) + bad + "\n" + good.repeat(9)))
        .containsExactly(DataProblem.TOO_MANY_BAD_ROWS);
  }

  @Test
  void read_fewerThanMinimumRows_refused() throws IOException {
    assertThat(problems(HEADER + "0,benign,1,2\n")).containsExactly(DataProblem.TOO_FEW_ROWS);
    assertThat(problems(HEADER)).containsExactly(DataProblem.TOO_FEW_ROWS);
  }

  @Test
  void read_everythingUnusable_bothReasons() throws IOException {
    assertThat(problems(HEADER + "0,benign,x,2\n"))
        .containsExactly(DataProblem.TOO_FEW_ROWS, DataProblem.TOO_MANY_BAD_ROWS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"id,diagnosis,size\n", "id,age,size\n", "id,Diagnosis,size,age\n"})
  void read_columnNotInHeader_refused(String header) throws IOException {
    assertThat(problems(header + "0,benign,1,2\n")).containsExactly(DataProblem.COLUMN_MISSING);
  }

  @Test
  void read_columnTwiceInHeader_refused() throws IOException {
    assertThat(problems("diagnosis,size,age,age\nbenign,1,2,3\n"))
        .containsExactly(DataProblem.COLUMN_REPEATED);
  }

  @Test
  void read_unusedColumnTwiceInHeader_accepted() throws IOException {
    assertThat(table("id,id,diagnosis,size,age\n" + "1,2,benign,1,2\n".repeat(2)).size())
        .isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "\n\n", "id,diag\"nosis\n", "id,diagnosis,size,age\n0,\"benign,1,2\n"})
  void read_noHeaderOrEndlessQuote_refused(String text) throws IOException {
    assertThat(problems(text)).containsExactly(DataProblem.SYNTAX_INVALID);
  }

  @Test
  void read_notUtf8_refused() throws IOException {
    Path file = directory.resolve("latin1.csv");
    Files.write(file, (HEADER + "é,benign,1,2\n").getBytes(StandardCharsets.ISO_8859_1));

    assertThat(CsvDataset.read(file, CONTRACT))
        .isEqualTo(new CsvDataset.Reading.Rejected(List.of(DataProblem.ENCODING_INVALID)));
  }

  @Test
  void read_missingFileOrDirectory_refused() {
    for (Path file : List.of(directory, directory.resolve("missing.csv"))) {
      assertThat(CsvDataset.read(file, CONTRACT))
          .isEqualTo(new CsvDataset.Reading.Rejected(List.of(DataProblem.FILE_UNREADABLE)));
    }
  }

  @Test
  void read_manyRows_tableGrows() throws IOException {
    RecordTable table = table(HEADER + "0,benign,1,2\n".repeat(5000) + "0,malignant,3,100\n");

    assertThat(table.size()).isEqualTo(5001);
    assertThat(table.label(4999)).isZero();
    assertThat(table.label(5000)).isEqualTo(1);
    assertThat(features(table)).endsWith(0.02f, 0.5f, 1, 1);
  }

  @Test
  void read_moreValuesThanTheEngineTakes_refused() throws IOException {
    Path file = directory.resolve("table.csv");
    Files.writeString(file, HEADER + "0,benign,1,2\n".repeat(5));
    DataContract manyClasses =
        new DataContract(
            "growths",
            CONTRACT.features(),
            "diagnosis",
            List.of("benign", "malignant", "unclear", "unknown"),
            2);

    assertThat(CsvDataset.read(file, CONTRACT, 10)).isInstanceOf(CsvDataset.Reading.Accepted.class);
    for (CsvDataset.Reading reading :
        List.of(
            CsvDataset.read(file, CONTRACT, 9), // five rows of two features
            CsvDataset.read(file, manyClasses, 19))) { // and of four classes
      assertThat(reading)
          .isEqualTo(new CsvDataset.Reading.Rejected(List.of(DataProblem.FILE_TOO_LARGE)));
    }
    assertThat(CsvDataset.read(file, manyClasses, 20))
        .isInstanceOf(CsvDataset.Reading.Accepted.class);
  }

  private RecordTable table(String text) throws IOException {
    CsvDataset.Reading reading = read(text);
    assertThat(reading).isInstanceOf(CsvDataset.Reading.Accepted.class);
    return ((CsvDataset.Reading.Accepted) reading).table();
  }

  private List<DataProblem> problems(String text) throws IOException {
    CsvDataset.Reading reading = read(text);
    assertThat(reading).isInstanceOf(CsvDataset.Reading.Rejected.class);
    return ((CsvDataset.Reading.Rejected) reading).problems();
  }

  private CsvDataset.Reading read(String text) throws IOException {
    Path file = directory.resolve("table.csv");
    Files.writeString(file, text);
    return CsvDataset.read(file, CONTRACT);
  }

  private static float[] features(RecordTable table) {
    float[] all = new float[table.size() * table.featureCount()];
    for (int row = 0; row < table.size(); row++) {
      table.copyFeatures(row, all, row * table.featureCount());
    }
    return all;
  }
}
