package org.hanse.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProtoFilesTest {
  private static final Path DIRECTORY = Path.of("src/main/proto/hanse/v1");
  private static final Pattern NUMBERED = Pattern.compile("^\\s+.*\\b(\\w+) = (\\d+);$");
  private static final Pattern OPENING = Pattern.compile("^(message|enum) (\\w+) \\{.*$");

  @ParameterizedTest
  @ValueSource(strings = {"site.proto", "job.proto", "transcript.proto"})
  void file_everyFieldAndConstant_isExplained(String file) throws IOException {
    List<String> lines = Files.readAllLines(DIRECTORY.resolve(file));
    int seen = 0;
    for (int i = 1; i < lines.size(); i++) {
      if (NUMBERED.matcher(lines.get(i)).matches()) {
        seen++;
        assertThat(lines.get(i - 1).strip())
            .as("%s, line %d: %s", file, i + 1, lines.get(i).strip())
            .startsWith("//");
      }
    }
    assertThat(seen).isGreaterThan(15);
  }

  /** A number that was given once never means something else: the list only ever grows. */
  @Test
  void files_numbersGiven_areKept() throws IOException {
    StringBuilder given = new StringBuilder();
    for (String file : List.of("site.proto", "job.proto", "transcript.proto")) {
      String type = "";
      Set<String> numbers = new HashSet<>();
      for (String line : Files.readAllLines(DIRECTORY.resolve(file))) {
        Matcher opening = OPENING.matcher(line);
        Matcher numbered = NUMBERED.matcher(line);
        if (opening.matches()) {
          type = opening.group(2);
        } else if (numbered.matches()) {
          assertThat(numbers.add(type + numbered.group(2))).as(line).isTrue();
          given.append(type + "." + numbered.group(1) + " = " + numbered.group(2) + "\n");
        }
      }
    }

    assertThat(given.toString().strip())
        .isEqualTo(Golden.text("field-numbers.txt", given.toString().strip()));
  }
}
