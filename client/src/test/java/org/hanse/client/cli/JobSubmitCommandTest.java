package org.hanse.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.hanse.client.config.job.ExampleJobs;
import org.hanse.core.crypto.ModelHash;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.JobManifest;
import org.hanse.core.secagg.Contexts;
import org.hanse.wire.ManifestCodec;
import org.hanse.wire.status.ErrorReason;
import org.hanse.wire.value.SubmitReceipt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobSubmitCommandTest {
  @TempDir private Path directory;

  private CommandFixture hanse;
  private String job;

  @BeforeEach
  void writeJob() throws IOException {
    hanse = new CommandFixture(directory);
    Path file = directory.resolve("job.yaml");
    Files.writeString(file, "id: digits-1\n" + ExampleJobs.withMembers(ExampleJobs.DIGITS, 5));
    job = file.toString();
  }

  @AfterEach
  void close() {
    assertThat(hanse.openConnections()).isZero();
    hanse.close();
  }

  @Test
  void submit_job_sendsManifestAndTheModelItNames() throws IOException {
    assertThat(hanse.run("job", "submit", job, "-o", "json")).isZero();

    JobManifest manifest =
        ManifestCodec.decode(hanse.coordinator.submittedManifest().orElseThrow());
    byte[] model = hanse.coordinator.submittedModel();
    assertThat(manifest.job()).isEqualTo(new JobId("digits-1"));
    assertThat(model).hasSize((int) manifest.layout().parameterCount() * Float.BYTES);
    assertThat(ModelHash.of(MemorySegment.ofArray(model)))
        .isEqualTo(manifest.training().initialModelHash());
    JsonNode printed = new ObjectMapper().readTree(hanse.out());
    assertThat(printed.size()).isEqualTo(4);
    assertThat(printed.get("job").asText()).isEqualTo("digits-1");
    assertThat(printed.get("planHash").asText())
        .isEqualTo(Contexts.planHash(hanse.coordinator.submittedManifest().orElseThrow()).toHex());
    assertThat(printed.get("initialModelHash").asText())
        .isEqualTo(manifest.training().initialModelHash().toHex());
    assertThat(printed.get("created").asBoolean()).isTrue();
  }

  @Test
  void submit_sameFileAgain_sendsTheSameBytesAndCreatesNothing() {
    assertThat(hanse.run("job", "submit", job)).isZero();
    var first = hanse.coordinator.submittedManifest();

    assertThat(hanse.run("job", "submit", job, "-o", "jsonl")).isZero();

    assertThat(hanse.coordinator.submittedManifest()).isEqualTo(first);
    assertThat(hanse.out()).contains("\"created\":false");
    assertThat(hanse.err()).contains("there already");
  }

  @Test
  void submit_fileWithoutId_saysTheIdBeforeAnythingIsSent() throws IOException {
    Path file = directory.resolve("unnamed.yaml");
    Files.writeString(file, ExampleJobs.withMembers(ExampleJobs.DIGITS, 5));
    for (int i = 0; i < 3; i++) {
      hanse.coordinator.breakNext();
    }

    assertThat(hanse.run("job", "submit", file.toString())).isEqualTo(2);

    assertThat(hanse.err())
        .containsPattern("To submit this job again, add to the file: id: [a-z0-9-]+\\R");
    hanse.run("job", "submit", job);
    assertThat(hanse.err()).doesNotContain("submit this job again");
  }

  @Test
  void submit_dryRun_printsTheSameHashesAndSendsNothing() {
    assertThat(hanse.runExactly("job", "submit", job, "--dry-run")).isZero();
    String dry = hanse.out();

    assertThat(hanse.coordinator.calls()).isEmpty();
    assertThat(hanse.run("job", "submit", job)).isZero();
    assertThat(hanse.out()).isEqualTo(dry).contains("plan hash");
  }

  @Test
  void submit_connectionBreaks_triesAgain() {
    hanse.coordinator.breakNext();

    assertThat(hanse.run("job", "submit", job)).isZero();

    assertThat(hanse.coordinator.calls()).containsExactly("submit", "submit");
    assertThat(hanse.pausesMillis).containsExactly(200L);
  }

  @Test
  void submit_coordinatorStaysAway_exits2() {
    for (int i = 0; i < 3; i++) {
      hanse.coordinator.breakNext();
    }

    assertThat(hanse.run("job", "submit", job)).isEqualTo(2);

    assertThat(hanse.out()).isEmpty();
    assertThat(hanse.err()).contains("connection-failed", "connection reset", "Next: ");
  }

  @Test
  void submit_refused_exits1WithTheReason() {
    hanse.coordinator.failNext(ErrorReason.JOB_EXISTS);

    assertThat(hanse.run("job", "submit", job)).isEqualTo(1);

    assertThat(hanse.err()).startsWith("hanse: job-exists").contains("so the test wants");
    assertThat(hanse.coordinator.calls()).containsExactly("submit");
  }

  @Test
  void submit_notAResearcher_exits2() {
    hanse.coordinator.failNext(ErrorReason.WRONG_ROLE);

    assertThat(hanse.run("job", "submit", job)).isEqualTo(2);
  }

  @Test
  void submit_coordinatorConfirmsAnotherManifest_exits1() {
    hanse.coordinator.setReceipt(
        new SubmitReceipt(new JobId("digits-1"), Hash.of(new byte[32]), true));

    assertThat(hanse.run("job", "submit", job)).isEqualTo(1);

    assertThat(hanse.err()).contains("receipt-mismatch");
    assertThat(hanse.out()).isEmpty();
  }

  @Test
  void submit_exampleWithoutMembers_exits4AndSaysWhatIsMissing() {
    String example = ExampleJobs.EXAMPLES.resolve(ExampleJobs.DIGITS).toString();

    assertThat(hanse.run("job", "submit", example)).isEqualTo(4);

    assertThat(hanse.err())
        .startsWith("hanse: config-invalid")
        .contains("sites.coordinator: is missing", "sites.members: names no institution");
    assertThat(hanse.coordinator.calls()).isEmpty();
  }

  @Test
  void submit_missingFile_exits4() {
    assertThat(hanse.run("job", "submit", directory.resolve("no.yaml").toString())).isEqualTo(4);

    assertThat(hanse.err()).contains("file-unusable", "does not exist");
  }

  @Test
  void submit_badTimeout_exits4() {
    assertThat(hanse.run("job", "submit", job, "--timeout", "soon")).isEqualTo(4);

    assertThat(hanse.err()).contains("--timeout must be");
  }
}
