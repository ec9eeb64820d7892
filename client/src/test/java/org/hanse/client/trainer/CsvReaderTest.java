package org.hanse.client.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvReaderTest {
  @Test
  void next_plainRecords_fieldsAsWritten() throws IOException {
    assertThat(read("a,b\n1, 2\n,\nlast,")).isEqualTo("[a, b][1,  2][, ][last, ]");
  }

  @Test
  void next_quotedFields_unquoted() throws IOException {
    assertThat(read("\"a,b\",\"c\"\"d\"\r\n\"\",\"two\nlines\"\r\n"))
        .isEqualTo("[a,b, c\"d][, two\nlines]");
  }

  @Test
  void next_byteOrderMarkAndEmptyLines_passedOver() throws IOException {
    assertThat(read("\uFEFF\"a\",b\r\n\r\n\n1,2\n\n")).isEqualTo("[a, b][1, 2]");
  }

  @Test
  void next_byteOrderMarkLater_isContent() throws IOException {
    assertThat(read("a\n\uFEFFb\n")).isEqualTo("[a][\uFEFFb]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {"1\"2,3", "\"1\"2,3", "1,2\"", "a\rb,c", "\"a\"\rb,c"})
  void next_malformedLine_unusableAndTheNextIsRead(String line) throws IOException {
    String text = line.replace("\\r", "\r");

    assertThat(read("a,b\n" + text + "\n5,6\n")).isEqualTo("[a, b]UNUSABLE[5, 6]");
  }

  @Test
  void next_bareCarriageReturn_unusable() throws IOException {
    assertThat(read("a\rb,c\n1,2")).isEqualTo("UNUSABLE[1, 2]");
  }

  @Test
  void next_quoteThatNeverCloses_broken() throws IOException {
    assertThat(read("a,b\n\"1,2\n3,4\n")).isEqualTo("[a, b]BROKEN");
  }

  @Test
  void next_longestField_read() throws IOException {
    String longest = "x".repeat(CsvReader.MAX_FIELD_LENGTH);

    assertThat(read(longest + ",\"" + longest + "\"")).hasSize(2 * longest.length() + 4);
  }

  @ParameterizedTest
  @CsvSource({"x", "'\"x'"})
  void next_fieldTooLong_broken(String start) throws IOException {
    assertThat(read(start + "x".repeat(CsvReader.MAX_FIELD_LENGTH))).isEqualTo("BROKEN");
  }

  @Test
  void next_tooManyFields_broken() throws IOException {
    assertThat(read(",".repeat(CsvReader.MAX_FIELDS))).isEqualTo("BROKEN");
  }

  private static String read(String text) throws IOException {
    StringBuilder seen = new StringBuilder();
    try (CsvReader reader = new CsvReader(new StringReader(text))) {
      CsvReader.Line line = reader.next();
      while (line != CsvReader.Line.END) {
        List<String> fields = new ArrayList<>(reader.fields());
        seen.append(line == CsvReader.Line.RECORD ? fields : line);
        if (line == CsvReader.Line.BROKEN) {
          break;
        }
        line = reader.next();
      }
    }
    return seen.toString();
  }
}
