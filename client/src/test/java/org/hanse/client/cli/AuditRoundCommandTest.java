package org.hanse.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.hanse.client.agent.KeptRounds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditRoundCommandTest {
  @TempDir private Path directory;
  private Path kept;
  private CommandFixture hanse;

  @BeforeEach
  void keep() throws Exception {
    kept = KeptRounds.write(directory.resolve("kept"));
    hanse = new CommandFixture(directory);
  }

  @AfterEach
  void close() {
    hanse.close();
  }

  private int audit(String... options) {
    String[] all = new String[options.length + 3];
    all[0] = "audit";
    all[1] = "round";
    all[2] = kept.toString();
    System.arraycopy(options, 0, all, 3, options.length);
    return hanse.runExactly(all);
  }

  private void change(String file) throws IOException {
    Path path = kept.resolve("data/jobs/job-1").resolve(file);
    byte[] bytes = Files.readAllBytes(path);
    bytes[bytes.length / 2] ^= 1;
    Files.write(path, bytes);
  }

  @Test
  void audit_honestRounds_saysSoAndExitsZero() {
    assertThat(audit("--full", "--site", kept.resolve("site/state").toString()))
        .isEqualTo(ExitCode.DONE);
    assertThat(hanse.out())
        .contains("plan hash ", "1 of 1", "holds", "All that was kept of 2 round(s) holds.")
        .doesNotContain("BROKEN");
    assertThat(hanse.err()).isEmpty();
  }

  @Test
  void audit_changedSum_namesRoundAndCheckAndExitsOne() throws IOException {
    change("rounds/2/attempt-0/sum");

    assertThat(audit()).isEqualTo(ExitCode.FAILED);
    assertThat(hanse.out()).contains("BROKEN: the sum kept is not the result that was signed");
    assertThat(hanse.err()).contains("audit-failed", "1 of 2 round(s) do not hold");
  }

  @Test
  void audit_jsonLines_oneForEachRoundAndOneAtTheEnd() throws IOException {
    change("rounds/1/transcript");

    assertThat(audit("-o", "jsonl")).isEqualTo(ExitCode.FAILED);
    assertThat(hanse.out().lines())
        .hasSize(3)
        .first()
        .asString()
        .contains("\"event\":\"audit-round\"", "\"round\":1,\"holds\":false,\"check\":");
    assertThat(hanse.out().lines().toList().getLast())
        .isEqualTo("{\"event\":\"audit\",\"rounds\":2,\"broken\":2,\"holds\":false}");
  }

  @Test
  void audit_json_oneDocument() {
    assertThat(audit("-o", "json")).isEqualTo(ExitCode.DONE);
    assertThat(hanse.out().lines()).hasSize(1);
    assertThat(hanse.out())
        .startsWith("{\"findings\":[{\"job\":\"job-1\",")
        .contains("\"round\":2,\"holds\":true", "\"rounds\":2,\"broken\":0,\"holds\":true}");
  }

  @Test
  void audit_oneRound_thatOneAlone() {
    assertThat(audit("--round", "2")).isEqualTo(ExitCode.DONE);
    assertThat(hanse.out()).contains("1 round to audit").doesNotContain("\n  1      5");
  }

  @Test
  void audit_nothingThere_isAnErrorWithItsNextStep() {
    assertThat(audit("--round", "3")).isEqualTo(ExitCode.BAD_ARGUMENTS_OR_CONFIGURATION);
    assertThat(hanse.err()).contains("file-unusable", "no transcript of round 3", "Next: ");

    assertThat(hanse.runExactly("audit", "round", directory.resolve("nowhere").toString()))
        .isEqualTo(ExitCode.BAD_ARGUMENTS_OR_CONFIGURATION);
    assertThat(hanse.err()).contains("is no directory");

    assertThat(audit("--site", directory.toString()))
        .isEqualTo(ExitCode.BAD_ARGUMENTS_OR_CONFIGURATION);
    assertThat(hanse.err()).contains("journal does not exist");

    assertThat(audit("--site", kept.resolve("site").toString()))
        .isEqualTo(ExitCode.BAD_ARGUMENTS_OR_CONFIGURATION);
    assertThat(hanse.err()).contains("Next: --site " + kept.resolve("site/state"));
  }
}
