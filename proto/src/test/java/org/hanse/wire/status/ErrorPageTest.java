package org.hanse.wire.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.hanse.core.secagg.AbortReason;
import org.hanse.wire.value.TrainingReport.DeclineReason;
import org.junit.jupiter.api.Test;

class ErrorPageTest {
  private static final Path PAGE = Path.of("../docs/protocol-errors.md");
  private static final Pattern ROW =
      Pattern.compile("^\\| `([a-z-]+)` \\| ([A-Z_]+) \\| ([^|]+) \\| ([a-z]+) \\|$");

  private static final Pattern END_ROW =
      Pattern.compile("^\\| `([a-z-]+)` \\| [^|]+ \\| [^|]*\\|$");

  /** Reason, gRPC status and duty. */
  private record Row(String reason, String status, String duty) {}

  @Test
  void page_rows_areExactlyTheReasons() throws IOException {
    List<Row> page =
        Files.readAllLines(PAGE).stream()
            .map(ROW::matcher)
            .filter(Matcher::matches)
            .map(row -> new Row(row.group(1), row.group(2), row.group(4)))
            .toList();

    assertThat(page)
        .containsExactlyElementsOf(
            Arrays.stream(ErrorReason.values())
                .map(reason ->
                    new Row(
                        reason.code(),
                        StatusMapper.codeOf(reason).name(),
                        reason.duty().name().toLowerCase(Locale.ROOT)))
                .toList());
  }

  @Test
  void page_everyDuty_isExplained() throws IOException {
    String page = Files.readString(PAGE);

    for (ErrorReason.Duty duty : ErrorReason.Duty.values()) {
      assertThat(page).contains("- **" + duty.name().toLowerCase(Locale.ROOT) + "**: ");
    }
    assertThat(page)
        .contains(
            StatusMapper.REASON.originalName(),
            StatusMapper.FIELD.originalName(),
            StatusMapper.RETRY_AFTER_MILLIS.originalName());
  }

  @Test
  void page_everyEndOfARound_isExplained() throws IOException {
    assertThat(
            Files.readAllLines(PAGE).stream()
                .map(END_ROW::matcher)
                .filter(Matcher::matches)
                .map(row -> row.group(1)))
        .containsExactlyElementsOf(
            Arrays.stream(AbortReason.values()).map(ErrorPageTest::shown).toList());
    assertThat(Files.readString(PAGE))
        .contains(
            Arrays.stream(DeclineReason.values())
                .map(reason -> "`" + shown(reason) + "`")
                .toList());
  }

  private static String shown(Enum<?> reason) {
    return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
