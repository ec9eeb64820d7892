package org.hanse.client.config.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.hanse.client.config.ConfigException;
import org.hanse.client.trainer.DatasetFile;
import org.hanse.client.trainer.DatasetOpening;
import org.hanse.client.trainer.Dl4jTrainer;
import org.hanse.core.plan.Activation;
import org.hanse.core.plan.EncodingRules;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.JobManifest;
import org.hanse.core.plan.LayerSpec;
import org.hanse.core.plan.LocalOptimizer;
import org.hanse.core.plan.LocalTraining;
import org.hanse.core.plan.MetricSpec;
import org.hanse.core.plan.ModelSelection;
import org.hanse.core.plan.ServerUpdate;
import org.hanse.core.plan.StepDeadlines;
import org.hanse.core.plan.Suite;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobFileTest {
  @TempDir Path directory;

  private String digits = "";

  @BeforeEach
  void readExample() throws IOException {
    digits = ExampleJobs.withMembers(ExampleJobs.DIGITS, 5);
  }

  @Test
  void read_digitsExample_everySettingArrives() throws Exception {
    JobManifest manifest = read(digits).manifest(Hash.of(new byte[32]));

    assertThat(manifest.title()).isEqualTo("Optical digits, small CNN");
    assertThat(manifest.training().model().layers())
        .containsExactly(
            new LayerSpec.Conv2d(8, 3, 1, true, Activation.RELU),
            new LayerSpec.MaxPool2d(2, 2),
            new LayerSpec.Flatten(),
            new LayerSpec.Dense(32, Activation.RELU),
            new LayerSpec.SoftmaxOutput(10));
    assertThat(manifest.training().data().features()).hasSize(64);
    assertThat(manifest.training().data().features().getLast().column()).isEqualTo("pixel-63");
    assertThat(manifest.training().data().features().getLast().maximum()).isEqualTo(16);
    assertThat(manifest.training().data().classes()).startsWith("0", "1").hasSize(10);
    assertThat(manifest.training().data().minimumRows()).isEqualTo(20);
    assertThat(manifest.training().rounds()).isEqualTo(20);
    assertThat(manifest.training().local())
        .isEqualTo(new LocalTraining(2, 16, new LocalOptimizer.Sgd(0.05, 0.9), 7));
    assertThat(manifest.training().server()).isEqualTo(new ServerUpdate.FedAvg(1));
    assertThat(manifest.consortium().coordinator())
        .isEqualTo(Fingerprint.fromHex(ExampleJobs.fingerprint(0)));
    assertThat(manifest.consortium().members()).hasSize(5);
    assertThat(manifest.aggregation().suite()).isEqualTo(Suite.FLSA1);
    assertThat(manifest.aggregation().cohort().minimumSites()).isEqualTo(4);
    assertThat(manifest.aggregation().cohort().quorum()).isEqualTo(0.6);
    assertThat(manifest.aggregation().cohort().colludingSites()).isEqualTo(1);
    assertThat(manifest.aggregation().encoding()).isEqualTo(new EncodingRules(10, 4, 1024, 1));
    assertThat(manifest.aggregation().metrics())
        .containsExactly(
            new MetricSpec(MetricSpec.TRAINING_LOSS, 100),
            new MetricSpec(MetricSpec.TRAINING_ACCURACY, 1));
    assertThat(manifest.aggregation().deadlines())
        .isEqualTo(new StepDeadlines(60, 600, 60, 60, 600, 60, 60, 600));
  }

  @ParameterizedTest
  @CsvSource({
    "digits-cnn/job.yaml, data/optical-digits/optical-digits.csv, 1797",
    "breast-cancer-mlp/job.yaml, data/breast-cancer/breast-cancer.csv, 569"
  })
  void read_example_itsDataAnswersItsContractToTheLastRecord(String job, String data, int rows)
      throws Exception {
    String text =
        ExampleJobs.withMembers(job, 5).replace("minimum-rows: 20", "minimum-rows: " + rows);
    DatasetFile file = new DatasetFile(DatasetFile.CSV, ExampleJobs.EXAMPLES.resolve(data));

    try (Dl4jTrainer trainer = new Dl4jTrainer(1)) {
      assertThat(trainer.openDataset(file, read(text).training().data()))
          .isInstanceOf(DatasetOpening.Opened.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {ExampleJobs.DIGITS, ExampleJobs.BREAST_CANCER})
  void read_exampleAsItStands_asksForMembersAndNothingElse(String example) throws IOException {
    String text = Files.readString(ExampleJobs.EXAMPLES.resolve(example));

    assertThat(problems(text))
        .satisfiesExactlyInAnyOrder(
            problem -> assertThat(problem).isEqualTo("sites.coordinator: is missing"),
            problem ->
                assertThat(problem)
                    .startsWith("sites.members: names no institution")
                    .contains("signing-key"));
  }

  @Test
  void read_withoutId_makesOneFromTheName() throws Exception {
    assertThat(read(digits).job()).isEqualTo(new JobId("optical-digits-small-cnn-0a1b2c3d"));
    assertThat(
            read(digits
                    .replace("name: Optical", "name: \"*** Öptical")
                    .replace("small CNN\nmodel", "small CNN\"\nmodel"))
                .job())
        .isEqualTo(new JobId("ptical-digits-small-cnn-0a1b2c3d"));
    assertThat(read(digits.replace("name: Optical digits, small CNN", "name: \"数字\"")).job())
        .isEqualTo(new JobId("0a1b2c3d"));
    assertThat(read(digits.replace("name: Optical", "name: " + "very ".repeat(30))).job().value())
        .hasSizeLessThan(63)
        .endsWith("0a1b2c3d");
  }

  @Test
  void read_withId_keepsIt() throws Exception {
    assertThat(read("id: digits-7\n" + digits).job()).isEqualTo(new JobId("digits-7"));
    assertThat(problems("id: Digits 7\n" + digits)).hasSize(1).first().asString().startsWith("id:");
  }

  @Test
  void read_manyMistakes_allReportedAtOnce() throws IOException {
    String text =
        digits
            .replace("rounds: 20", "rounds: 0")
            .replace("quorum: 0.6", "quorum: 0.5")
            .replace("label: digit", "lable: digit")
            .replace("padding: same", "padding: full")
            .replace("clip-norm: 10.0", "clip-norm: -1")
            .replace("recruit: 60s", "recruit: 1 minute")
            .replace("site: site-3", "site: Site_3");

    assertThat(problems(text))
        .satisfiesExactlyInAnyOrder(
            problem -> assertThat(problem).startsWith("rounds: must be a whole number"),
            problem -> assertThat(problem).startsWith("data.label: is missing"),
            problem ->
                assertThat(problem)
                    .isEqualTo("data.lable: is not a setting; did you mean \"label\"?"),
            problem ->
                assertThat(problem).startsWith("model.layers[0].conv2d.padding: must be same"),
            problem ->
                assertThat(problem).startsWith("privacy.secure-aggregation: ").contains("-1"),
            problem -> assertThat(problem).startsWith("deadlines.recruit: must be a whole number"),
            problem -> assertThat(problem).startsWith("sites.members[2].site: site id must"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rounds: 20 | round: 20 | round: is not a setting; did you mean \"rounds\"?",
        "kernel: 3 | kernal: 3 | model.layers[0].conv2d.kernal: is not a setting; did you mean \"kernel\"?",
        "- flatten | - flaten | model.layers[2]: no layer is called so; did you mean \"flatten\"?",
        "- flatten | - flatten: { size: 2 } | model.layers[2].flatten.size: is not a setting",
        "activation: relu | activation: rely | model.layers[0].conv2d.activation: unknown: \"rely\"; did you mean \"relu\"?",
        "sgd: | sdg: | local.optimizer: unknown: \"sdg\"; did you mean \"sgd\"?",
        "fedavg: {} | fedprox: {} | strategy: unknown: \"fedprox\"",
        "fedavg: {} | fedavg: { server-learning-rate: 0 } | strategy.fedavg: server learning rate must be from",
        "momentum: 0.9 | momentum: 1 | local.optimizer.sgd: momentum must be from 0 to below 1",
        "classes: 10 } | classes: 11 } | the model has 11 classes, the data contract 10",
        "count: 64 | count: 63 | the model takes 64 inputs, the data contract has 63 features",
        "\"8\", \"9\" | \"8\", 9 | data.classes[9]: must be text; put numbers in quotes",
        "\"8\", \"9\" | \"8\", \"8\" | data: class listed twice",
        "range: [0, 16] | range: [16, 0] | data.features: range of column pixel-0 must be finite and ascending",
        "range: [0, 16] | range: [0] | data.features.range: must be [minimum, maximum]",
        "features: { prefix: pixel-, count: 64, range: [0, 16] } | features: pixels | data.features: must be a mapping",
        "- conv2d: { channels: 8, | - conv2d: { channels: 8, stride: 9, | model: layers.1: a window of 2 does not fit an image extent of 1",
        "min: 4 | min: 6 | sites: minimum sites must be from 2 to 5, not 6",
        "colluding-sites: 1 | colluding-sites: 2 | sites: colluding sites must be from 0 to 1, not 2",
        "max-weight: 1024 | max-weight: 0 | privacy.secure-aggregation.max-weight: must be a whole number",
        "max-coordinate: 4.0 | max-coordinate: 11.0 | privacy.secure-aggregation: largest coordinate 11.0 exceeds",
        "organisation: Hospital 2, | | sites.members[1].organisation: is missing",
        "verdict: 10m | verdict: 0s | deadlines: verdict deadline (seconds) must be from 1",
        "verdict: 10m | verdict: 31d | deadlines: verdict deadline (seconds) must be from 1",
        "seed: 7 | seed: seven | local.seed: must be a whole number",
      })
  void read_oneMistake_namedByItsPath(String right, String wrong, String problem)
      throws IOException {
    String text = digits.replace(right, wrong == null ? "" : wrong);
    assertThat(text).isNotEqualTo(digits);

    assertThat(problems(text)).anySatisfy(found -> assertThat(found).contains(problem));
  }

  @Test
  void read_stop_isTheSelection() throws Exception {
    assertThat(read(digits).training().selection()).isEmpty();
    assertThat(read(digits + "stop: { metric: training-loss }\n").training().selection())
        .contains(
            new ModelSelection(
                "training-loss", ModelSelection.Goal.MINIMIZE, 0, OptionalLong.empty()));
    assertThat(
            read(digits
                    + "stop: { metric: training-accuracy, patience: 5, minimum-change: 0.01 }\n")
                .training()
                .selection())
        .contains(
            new ModelSelection(
                "training-accuracy", ModelSelection.Goal.MAXIMIZE, 0.01, OptionalLong.of(5)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{ metric: training-los } | stop.metric: unknown: \"training-los\"; did you mean \"training-loss\"?",
        "{ patience: 3 } | stop.metric: is missing",
        "{ metric: training-loss, patience: 0 } | stop.patience: must be a whole number",
        "{ metric: training-loss, minimum-change: -1 } | stop: minimum change must be 0 or more",
        "{ metric: training-loss, epochs: 1 } | stop.epochs: is not a setting",
        "training-loss | stop: must be a mapping",
      })
  void read_badStop_namedByItsPath(String stop, String problem) throws IOException {
    assertThat(problems(digits + "stop: " + stop + "\n"))
        .anySatisfy(found -> assertThat(found).contains(problem));
  }

  @Test
  void read_memberListedTwice_refused() throws IOException {
    String text = digits.replace(ExampleJobs.fingerprint(2), ExampleJobs.fingerprint(1));

    assertThat(problems(text))
        .hasSize(1)
        .first()
        .asString()
        .startsWith("sites: signing key listed");
  }

  @Test
  void read_secureAggregationOff_isThePlainSuite() throws Exception {
    JobDraft draft = read(withPrivacy("off"));

    assertThat(draft.aggregation().suite()).isEqualTo(Suite.PLAIN);
    assertThat(draft.aggregation().encoding()).isEqualTo(new EncodingRules(10, 1, 1024, 1));
  }

  @Test
  void read_secureAggregationWithoutSettings_isOn() throws Exception {
    JobDraft draft = read(withPrivacy("{}"));

    assertThat(draft.aggregation().suite()).isEqualTo(Suite.FLSA1);
    assertThat(draft.aggregation().cohort().colludingSites()).isEqualTo(1);
  }

  @Test
  void read_postQuantum_isTheHybridSuite() throws Exception {
    assertThat(read(withPrivacy("{ post-quantum: true }")).aggregation().suite())
        .isEqualTo(Suite.FLSA1_HYBRID);
    assertThat(read(withPrivacy("{ post-quantum: false }")).aggregation().suite())
        .isEqualTo(Suite.FLSA1);
    assertThat(read(withPrivacy("{ post-quantum: true, ring-bits: 16 }")).aggregation().suite())
        .isEqualTo(Suite.FLSA1_HYBRID_Z16);
    assertThat(problems(withPrivacy("{ post-quantum: maybe }")))
        .anySatisfy(
            problem -> assertThat(problem).startsWith("privacy.secure-aggregation.post-quantum:"));
  }

  @Test
  void read_ringOf16Bits_isItsSuiteWithFittingDefaults() throws Exception {
    JobDraft draft = read(withPrivacy("{ ring-bits: 16 }"));

    assertThat(draft.aggregation().suite()).isEqualTo(Suite.FLSA1_Z16);
    // 4,538 parameters: 10 sqrt(2 ln(9076 * 2^20) / 4096), rounded up.
    assertThat(draft.aggregation().encoding()).isEqualTo(new EncodingRules(10, 1.06, 1024, 1));
    assertThat(read(withPrivacy("{ ring-bits: 32 }")).aggregation().suite()).isEqualTo(Suite.FLSA1);
    assertThat(
            read(withPrivacy("{ ring-bits: 16, max-coordinate: 0.5, max-weight: 6553 }"))
                .aggregation()
                .encoding())
        .isEqualTo(new EncodingRules(10, 0.5, 6553, 1));
  }

  @Test
  void read_ringOf16BitsOfManyMembers_hasSmallerWeights() throws Exception {
    digits = ExampleJobs.withMembers(ExampleJobs.DIGITS, 64);

    assertThat(read(withPrivacy("{ ring-bits: 16 }")).aggregation().encoding().maxWeight())
        .isEqualTo(511);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "5  | { ring-bits: 24 } | ring-bits: must be 32 or 16, not 24",
        "5  | { ring-bits: 64 } | ring-bits: must be 32 or 16, not 64",
        "65 | { ring-bits: 16 } | ring-bits: 16 takes at most 64 members, not 65",
        "5  | { ring-bits: 8, clip-norm: 5.0, max-weight: 9, examples-per-weight-unit: 2 } "
            + "| ring-bits: must be 32 or 16, not 8",
        "5  | { ring-bits: 16, max-weight: 9999, examples-per-weight-unit: 2 } "
            + "| max-weight: must be at most 6553 with 5 members and a ring of 16 bits, not 9999",
        "65 | { post-quantum: true } | post-quantum: true takes at most 64 members, not 65",
        "5  | { ring-bits: 16, max-weight: 6554 } "
            + "| max-weight: must be at most 6553 with 5 members and a ring of 16 bits, not 6554"
      })
  void read_whatTheRingCannotHold_refused(int members, String settings, String problem)
      throws IOException {
    digits = ExampleJobs.withMembers(ExampleJobs.DIGITS, members);

    assertThat(problems(withPrivacy(settings)))
        .containsExactly("privacy.secure-aggregation." + problem);
  }

  @ParameterizedTest
  @ValueSource(strings = {"false", "none", "Off", "[]", "0"})
  void read_secureAggregationNeitherOnNorOff_refused(String value) throws IOException {
    assertThat(problems(withPrivacy(value)))
        .anySatisfy(problem -> assertThat(problem).startsWith("privacy.secure-aggregation: must"));
  }

  @Test
  void read_secureAggregationNotMentioned_refused() throws IOException {
    assertThat(problems(withPrivacy("")))
        .containsExactly(
            "privacy.secure-aggregation: is missing: give its settings, or {} for the usual");
  }

  @Test
  void read_deadlinesAbsent_areTheUsual() throws Exception {
    String text =
        digits.lines().filter(l -> !l.startsWith("deadlines:")).reduce("", (a, b) -> a + b + "\n");

    assertThat(read(text).aggregation().deadlines()).isEqualTo(StepDeadlines.DEFAULT);
  }

  @Test
  void read_everyLayerKind_understood() throws Exception {
    String text =
        digits
            .replace("- flatten", "- flatten\n    - dropout: { rate: 0.25 }")
            .replace("padding: same, activation: relu", "stride: 2, activation: tanh")
            .replace(
                "sgd: { learning-rate: 0.05, momentum: 0.9 }", "adam: { learning-rate: 0.001 }")
            .replace("max-pool2d: { size: 2 }", "max-pool2d: { size: 2, stride: 1 }");

    JobDraft draft = read(text);

    assertThat(draft.training().model().layers())
        .contains(
            new LayerSpec.Conv2d(8, 3, 2, false, Activation.TANH),
            new LayerSpec.MaxPool2d(2, 1),
            new LayerSpec.Dropout(0.25));
    assertThat(draft.training().local().optimizer()).isEqualTo(new LocalOptimizer.Adam(0.001));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "name: !!javax.script.ScriptEngineManager [1]\n",
        "name: !!java.net.URL [http://127.0.0.1]\n",
        "name: a\nname: b\n",
        "name: [a\n",
        "a: &a [x, x]\nb: [*a, *a, *a]\n",
        "- a\n- b\n",
        "",
      })
  void read_notOrdinaryYaml_refused(String text) throws IOException {
    assertThat(problems(text)).isNotEmpty();
  }

  @Test
  void read_tag_makesNoObject() throws IOException {
    String text = digits.replace("rounds: 20", "rounds: !!java.math.BigInteger \"20\"");

    assertThat(problems(text)).first().asString().contains("not readable as YAML");
  }

  @Test
  void read_notUtf8OrHuge_refused() throws IOException {
    Path file = directory.resolve("job.yaml");
    Files.write(file, "name: caf\u00e9".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(problemsOf(file)).contains("is not UTF-8 text");

    Files.writeString(file, "#".repeat((16 << 20) + 1));
    assertThat(problemsOf(file)).first().asString().startsWith("is larger than");
  }

  @Test
  void read_noSuchFile_isTheEnvironmentsError() {
    assertThat(
            catchThrowableOfType(
                NoSuchFileException.class,
                () -> JobFile.read(directory.resolve("missing.yaml"), () -> "x")))
        .isNotNull();
  }

  private String withPrivacy(String value) {
    return digits.replaceAll(
        "  secure-aggregation: .*", value.isEmpty() ? "  {}" : "  secure-aggregation: " + value);
  }

  private JobDraft read(String text) throws ConfigException, IOException {
    Path file = directory.resolve("job.yaml");
    Files.writeString(file, text);
    return JobFile.read(file, () -> "0a1b2c3d");
  }

  private List<String> problems(String text) throws IOException {
    Path file = directory.resolve("job.yaml");
    Files.writeString(file, text);
    return problemsOf(file);
  }

  private static List<String> problemsOf(Path file) {
    ConfigException refusal =
        catchThrowableOfType(ConfigException.class, () -> JobFile.read(file, () -> "0a1b2c3d"));
    assertThat(refusal).isNotNull();
    assertThat(refusal.file()).endsWith("job.yaml");
    return refusal.problems();
  }
}
