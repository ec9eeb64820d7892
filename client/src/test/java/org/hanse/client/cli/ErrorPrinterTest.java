package org.hanse.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.hanse.client.agent.CoordinatorException;
import org.hanse.client.cli.JobFollower.ProtocolViolationException;
import org.hanse.client.config.ConfigException;
import org.hanse.client.config.KeyFileException;
import org.hanse.wire.status.ErrorReason;
import org.hanse.wire.status.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class ErrorPrinterTest {
  private static final Path DOCS = Path.of("..", "docs");

  /** Exit codes of the coordinator's reasons that are not 1. */
  private static final Map<ErrorReason, Integer> EXITS =
      Map.of(
          ErrorReason.CERTIFICATE_REFUSED, 2,
          ErrorReason.WRONG_ROLE, 2,
          ErrorReason.NOT_A_MEMBER, 2,
          ErrorReason.FOREIGN_SITE, 2,
          ErrorReason.SIGNING_CERTIFICATE_REFUSED, 2,
          ErrorReason.CALL_TIMED_OUT, 3);

  private final StringWriter err = new StringWriter();

  @Command(name = "hanse")
  private static final class Nothing {}

  private int print(Exception e) {
    CommandLine command = new CommandLine(new Nothing()).setErr(new PrintWriter(err));
    return new ErrorPrinter().handleExecutionException(e, command, command.parseArgs());
  }

  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(new ConfigException("a.yaml", List.of("x: is missing")), 4, "config-invalid"),
        Arguments.of(new KeyFileException("tls.key is no key"), 4, "key-file-unusable"),
        Arguments.of(new NoSuchFileException("job.yaml"), 4, "file-unusable"),
        Arguments.of(new AccessDeniedException("job.yaml"), 4, "file-unusable"),
        Arguments.of(new IOException("No space left on device"), 1, "file-failed"),
        Arguments.of(new InterruptedException(), 1, "interrupted"),
        Arguments.of(new IllegalStateException("a bug"), 5, "internal-error"),
        Arguments.of(new ProtocolViolationException("event 3"), 1, "protocol-violation"),
        Arguments.of(
            CoordinatorException.failed(ErrorReason.Duty.RETRY, "reset", new IOException("reset")),
            2,
            "connection-failed"),
        Arguments.of(
            CoordinatorException.violation("out of range", new IOException("out of range")),
            1,
            "protocol-violation"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void print_failure_hasCodeNextStepPageAndExitCode(Exception failure, int exitCode, String code) {
    assertThat(print(failure)).isEqualTo(exitCode);

    assertThat(err.toString())
        .startsWith("hanse: " + code + System.lineSeparator())
        .contains("  Next: ")
        .endsWith("  Docs: docs/command-errors.md" + System.lineSeparator());
  }

  @ParameterizedTest
  @EnumSource(ErrorReason.class)
  void print_coordinatorsReason_hasItsExitCodeAndPage(ErrorReason reason) throws IOException {
    assertThat(print(CoordinatorException.refused(Refusal.of(reason, "because"))))
        .isEqualTo(EXITS.getOrDefault(reason, 1));

    assertThat(err.toString())
        .startsWith("hanse: " + reason.code() + System.lineSeparator())
        .contains("because", "  Docs: docs/protocol-errors.md");
    assertThat(Files.readString(DOCS.resolve("protocol-errors.md")))
        .contains("| `" + reason.code() + "` |");
  }

  @ParameterizedTest
  @EnumSource(ErrorCode.class)
  void page_everyCode_isExplainedWithItsExitCode(ErrorCode code) throws IOException {
    assertThat(Files.readString(Path.of("..").resolve(ErrorCode.PAGE)))
        .contains("| `" + code.text() + "` | " + code.exitCode() + " |");
  }

  @Test
  void codes_ofTheCommandLineAndOfTheCoordinator_differ() {
    assertThat(
            Stream.concat(
                Stream.of(ErrorCode.values()).map(ErrorCode::text),
                Stream.of(ErrorReason.values()).map(ErrorReason::code)))
        .doesNotHaveDuplicates();
  }
}
