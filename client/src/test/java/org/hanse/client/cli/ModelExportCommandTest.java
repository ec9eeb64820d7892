package org.hanse.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.hanse.client.config.job.ExampleJobs;
import org.hanse.client.config.job.JobDraft;
import org.hanse.client.config.job.JobFile;
import org.hanse.core.crypto.ModelHash;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.ModelLayout;
import org.hanse.core.secagg.Contexts;
import org.hanse.core.vector.FloatVector;
import org.hanse.core.vector.Safetensors;
import org.hanse.wire.ManifestCodec;
import org.hanse.wire.status.ErrorReason;
import org.hanse.wire.value.JobStanding;
import org.hanse.wire.value.JobSummary;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelExportCommandTest {
  @TempDir private Path directory;

  private CommandFixture hanse;
  private JobDraft draft;
  private byte[] model;
  private Path output;

  @BeforeEach
  void publishModel() throws Exception {
    hanse = new CommandFixture(directory);
    Path job = directory.resolve("job.yaml");
    Files.writeString(job, "id: digits-1\n" + ExampleJobs.withMembers(ExampleJobs.DIGITS, 5));
    draft = JobFile.read(job, () -> "x");
    model = modelOf(1);
    output = directory.resolve("out").resolve("model.safetensors");
    Files.createDirectories(output.getParent());
    publish(model, Contexts.planHash(manifest()));
    hanse.coordinator.setManifest(manifest());
    hanse.coordinator.setModels(Integer.MAX_VALUE, model);
  }

  @AfterEach
  void close() {
    assertThat(hanse.openConnections()).isZero();
    hanse.close();
  }

  @Test
  void export_model_isASafetensorsFileWithTheManifestsTensors() throws IOException {
    assertThat(export()).isZero();

    Safetensors content = readOutput();
    assertThat(content.tensors())
        .containsExactlyElementsOf(
            layout().tensors().stream()
                .map(tensor -> new Safetensors.Tensor(tensor.name(), tensor.shape()))
                .toList());
    assertThat(content.data().segment().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(model);
    assertThat(content.metadata())
        .containsEntry("hanse.job", "digits-1")
        .containsEntry("hanse.rounds", "20")
        .containsEntry("hanse.model-hash", hash(model).toHex());
    assertThat(filesBeside()).containsExactly("model.safetensors");
  }

  @Test
  void export_twice_sameBytes() throws IOException {
    assertThat(export()).isZero();
    byte[] first = Files.readAllBytes(output);

    assertThat(export()).isZero();

    assertThat(Files.readAllBytes(output)).isEqualTo(first);
  }

  @Test
  void export_downloadBreaksAgainAndAgain_goesOnWhereItStopped() throws IOException {
    hanse.coordinator.setModels(6000, model);

    assertThat(export()).isZero();

    assertThat(hanse.coordinator.calls())
        .containsSubsequence("download 0", "download 6000", "download 12000", "download 18000");
    assertThat(readOutput().data().segment().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(model);
  }

  @Test
  void export_interruptedCommand_nextOneGoesOn() throws IOException {
    hanse.coordinator.setModels(5000, model);
    for (int i = 0; i < 3; i++) {
      hanse.coordinator.failNext(ErrorReason.OVERLOADED); // spent on the first question
    }
    assertThat(export()).isEqualTo(1);
    Path part =
        output.resolveSibling(
            ".model.safetensors." + hash(model).toHex().substring(0, 16) + ".part");
    Files.write(part, java.util.Arrays.copyOf(model, 7777));

    assertThat(export()).isZero();

    assertThat(hanse.coordinator.calls()).contains("download 7777").doesNotContain("download 0");
    assertThat(readOutput().data().segment().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(model);
  }

  @Test
  void export_nothingComes_givesUpAndKeepsWhatThereIs() throws IOException {
    hanse.coordinator.setModels(0, model);

    assertThat(export()).isEqualTo(2);

    assertThat(output).doesNotExist();
    assertThat(hanse.err()).contains("gone away");
  }

  @Test
  void export_newerModelPublishedMeanwhile_fetchesThat() throws IOException {
    byte[] newer = modelOf(2);
    hanse.coordinator.setSuccessor(summary(newer, Contexts.planHash(manifest())));
    hanse.coordinator.setModels(Integer.MAX_VALUE, newer);

    assertThat(export()).isZero();

    assertThat(readOutput().data().segment().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(newer);
    assertThat(filesBeside()).containsExactly("model.safetensors");
  }

  @Test
  void export_bytesWithoutTheJobsHash_refusedAndNothingReplaced() throws IOException {
    Files.writeString(output, "what was there before");
    hanse.coordinator.setModels(Integer.MAX_VALUE, modelOf(2));

    assertThat(export()).isEqualTo(1);

    assertThat(hanse.err()).contains("download-mismatch");
    assertThat(Files.readString(output)).isEqualTo("what was there before");
    assertThat(filesBeside()).containsExactly("model.safetensors");
  }

  @Test
  void export_fileCannotBePutInPlace_leavesOnlyWhatWasDownloaded() throws IOException {
    Files.createDirectories(output.resolve("a directory of this name"));

    assertThat(export()).isEqualTo(1);

    assertThat(hanse.err()).startsWith("hanse: file-failed");
    assertThat(filesBeside())
        .hasSize(2)
        .contains("model.safetensors")
        .anyMatch(name -> name.endsWith(".part"));
  }

  @Test
  void export_partOfAnOlderModel_isGoneAfterwards() throws IOException {
    Files.write(output.resolveSibling(".model.safetensors.0123456789abcdef.part"), new byte[9]);
    Files.write(output.resolveSibling(".other.safetensors.0123456789abcdef.part"), new byte[9]);

    assertThat(export()).isZero();

    assertThat(filesBeside())
        .containsExactlyInAnyOrder("model.safetensors", ".other.safetensors.0123456789abcdef.part");
  }

  @Test
  void export_nothingComes_endsWhenTheTimeIsUp() {
    hanse.coordinator.setModels(0, model);
    hanse.pausesTakeTime = true;

    assertThat(
            hanse.run(
                "model", "export", "digits-1", "--file", output.toString(), "--timeout", "1s"))
        .isEqualTo(3);

    assertThat(hanse.err()).startsWith("hanse: timeout");
    assertThat(hanse.pausesMillis).allMatch(pause -> pause <= 1_001);
    assertThat(hanse.pausesMillis.stream().mapToLong(pause -> pause).sum()).isLessThan(1_500);
  }

  @Test
  void export_bytesAtTheWrongPlace_isAProtocolViolation() {
    hanse.coordinator.setDownloadShift(1);

    assertThat(export()).isEqualTo(1);

    assertThat(hanse.err()).startsWith("hanse: protocol-violation").contains("wrong place");
  }

  @Test
  void export_manifestOfAnotherPlan_refused() {
    publish(model, Hash.of(new byte[32]));

    assertThat(export()).isEqualTo(1);

    assertThat(hanse.err()).contains("manifest-mismatch");
    assertThat(hanse.coordinator.calls()).noneMatch(call -> call.startsWith("download"));
  }

  @Test
  void export_json_saysWhatWasWritten() {
    assertThat(hanse.run("model", "export", "digits-1", "--file", output.toString(), "-o", "json"))
        .isZero();

    assertThat(hanse.out())
        .contains(
            "\"job\":\"digits-1\"", "\"rounds\":20", hash(model).toHex(), "model.safetensors");
  }

  @Test
  void export_best_isTheBestModelAndNotTheNewest() throws IOException {
    byte[] best = modelOf(3);
    hanse.coordinator.setSummary(
        summary(
            model,
            Contexts.planHash(manifest()),
            Optional.of(new JobSummary.Best(hash(best), 12, "training-loss", 0.1))));
    hanse.coordinator.setModels(Integer.MAX_VALUE, best);

    assertThat(hanse.run("model", "export", "digits-1", "--best", "--file", output.toString()))
        .isZero();

    assertThat(hanse.out()).contains("after round 12", hash(best).toHex());
    Safetensors content = readOutput();
    assertThat(content.data().segment().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(best);
    assertThat(content.metadata())
        .containsEntry("hanse.rounds", "12")
        .containsEntry("hanse.model-hash", hash(best).toHex());
  }

  @Test
  void export_bestOfAJobWithout_refused() {
    assertThat(hanse.run("model", "export", "digits-1", "--best", "--file", output.toString()))
        .isEqualTo(1);

    assertThat(hanse.err()).contains("no-best-model", "stop", "--best");
    assertThat(output).doesNotExist();
  }

  private int export() {
    return hanse.run("model", "export", "digits-1", "--file", output.toString());
  }

  private Bytes manifest() {
    return ManifestCodec.encode(draft.manifest(hash(modelOf(0))));
  }

  private ModelLayout layout() {
    return draft.training().model().layout();
  }

  private void publish(byte[] newest, Hash planHash) {
    hanse.coordinator.setSummary(summary(newest, planHash));
  }

  private JobSummary summary(byte[] newest, Hash planHash) {
    return summary(newest, planHash, Optional.empty());
  }

  private JobSummary summary(byte[] newest, Hash planHash, Optional<JobSummary.Best> best) {
    return new JobSummary(
        draft.job(),
        draft.title(),
        JobStanding.COMPLETED,
        new JobSummary.Progress(20, 20, List.of(), best),
        hash(newest),
        planHash,
        "");
  }

  private byte[] modelOf(int number) {
    FloatVector vector = FloatVector.allocate(layout().parameterCount());
    for (int i = 0; i < vector.size(); i++) {
      vector.set(i, number + i / 1000f);
    }
    return vector.segment().toArray(ValueLayout.JAVA_BYTE);
  }

  private static Hash hash(byte[] bytes) {
    return ModelHash.of(MemorySegment.ofArray(bytes));
  }

  private Safetensors readOutput() throws IOException {
    Safetensors.Reading reading =
        Safetensors.read(MemorySegment.ofArray(Files.readAllBytes(output)));
    assertThat(reading).isInstanceOf(Safetensors.Reading.Read.class);
    return ((Safetensors.Reading.Read) reading).content();
  }

  private List<String> filesBeside() throws IOException {
    try (Stream<Path> files = Files.list(output.getParent())) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
