package org.hanse.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.JobManifest;
import org.hanse.core.plan.Limits;
import org.hanse.core.plan.ModelSelection;
import org.hanse.core.plan.Suite;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ManifestCodecTest {
  private static final int ROUND_TRIPS = 200;
  private static final int MUTATIONS = 1500;
  private static final long FUZZ_SEED = Long.getLong("fuzz.seed", 20_261_122L);
  private static final String CONTENT = "CONTENT-THAT-NO-REFUSAL-REPEATS";

  private static final String VALID = text(ManifestCodec.encode(Manifests.everything()));
  private static final Json TREE = JsonReader.read(utf8(VALID));

  private static Bytes utf8(String text) {
    return Bytes.of(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(Bytes bytes) {
    return new String(bytes.toByteArray(), StandardCharsets.UTF_8);
  }

  private static MalformedMessageException refusal(Bytes document) {
    MalformedMessageException e =
        catchThrowableOfType(MalformedMessageException.class, () -> ManifestCodec.decode(document));
    assertThat(e).as("refused").isNotNull();
    return e;
  }

  private static MalformedMessageException refusal(String document) {
    return refusal(utf8(document));
  }

  private static String edited(String from, String to) {
    assertThat(VALID).contains(from);
    return VALID.replace(from, to);
  }

  @Test
  void encode_everyKindOfLayer_isGolden() {
    assertThat(VALID.strip()).isEqualTo(Golden.text("manifest.json", VALID.strip()));
  }

  /** Q = floor(32767 / 5) = 6553; at most 64 members, so that Q is not below 511. */
  @Test
  void decode_whatTheNarrowRingCannotHold_isRefusedWithItsPath() {
    assertThat(ManifestCodec.decode(utf8(narrow(5, 6553))).aggregation().suite())
        .isEqualTo(Suite.FLSA1_Z16);
    assertThat(refusal(narrow(5, 6554)))
        .hasMessage("aggregation.encoding.max-weight: must be from 1 to 6553, not 6554");
    assertThat(ManifestCodec.decode(utf8(narrow(64, 511))).aggregation().suite())
        .isEqualTo(Suite.FLSA1_Z16);
    assertThat(refusal(narrow(64, 512)))
        .hasMessage("aggregation.encoding.max-weight: must be from 1 to 511, not 512");
    assertThat(refusal(narrow(65, 100)))
        .hasMessage("aggregation.suite: takes at most 64 members, not 65");
  }

  private static String narrow(int members, int maxWeight) {
    return text(ManifestCodec.encode(Manifests.everything(members)))
        .replace("-Z32", "-Z16")
        .replace("\"max-weight\": 1024", "\"max-weight\": " + maxWeight);
  }

  @Test
  void decode_goldenText_isTheManifest() {
    assertThat(ManifestCodec.decode(utf8(Golden.text("manifest.json", VALID.strip()))))
        .isEqualTo(Manifests.everything());
  }

  @Test
  void decode_encodedManifest_isTheManifest() {
    for (long seed = 0; seed < ROUND_TRIPS; seed++) {
      JobManifest manifest = Manifests.random(seed);
      Bytes bytes = ManifestCodec.encode(manifest);

      JobManifest decoded = ManifestCodec.decode(bytes);

      assertThat(decoded).as("seed %d", seed).isEqualTo(manifest);
      assertThat(ManifestCodec.encode(decoded)).isEqualTo(bytes);
    }
  }

  @Test
  void decode_otherSpellings_isTheSameManifest() {
    String title = "Zürich \\\"digits\\\", small CNN";
    for (String spelling :
        List.of(
            VALID.replaceAll("\\s*\\n\\s*", ""),
            edited("\n", "\r\n\t"),
            edited("\"clip-norm\": 10.0", "\"clip-norm\": 1e1"),
            edited("\"clip-norm\": 10.0", "\"clip-norm\": 10"),
            edited(title, title.replace("ü", "\\u00fc")))) {
      assertThat(ManifestCodec.decode(utf8(spelling))).isEqualTo(Manifests.everything());
    }
  }

  @Test
  void decode_membersInOtherOrder_isTheSameManifest() {
    Json reversed =
        replace(
            TREE,
            List.of("consortium", "members"),
            value -> new Json.Arr(((Json.Arr) value).elements().reversed()));

    assertThat(ManifestCodec.decode(utf8(JsonPrinter.print(reversed))))
        .isEqualTo(Manifests.everything());
  }

  @Test
  void encode_tooLarge_isOurBug() {
    JobManifest manifest = Manifests.everything();
    JobManifest large =
        new JobManifest(
            manifest.job(),
            manifest.title(),
            manifest.consortium(),
            manifest.aggregation(),
            withClasses(manifest, 40_000));

    assertThatThrownBy(() -> ManifestCodec.encode(large))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2097152");
  }

  private static org.hanse.core.plan.TrainingPlan withClasses(JobManifest manifest, int classes) {
    var training = manifest.training();
    var layers = new ArrayList<>(training.model().layers());
    layers.set(layers.size() - 1, new org.hanse.core.plan.LayerSpec.SoftmaxOutput(classes));
    return new org.hanse.core.plan.TrainingPlan(
        new org.hanse.core.plan.ModelDescription(training.model().inputShape(), layers),
        new org.hanse.core.plan.DataContract(
            "digits",
            training.data().features(),
            "digit",
            IntStream.range(0, classes).mapToObj(i -> "x".repeat(60) + i).toList(),
            1),
        training.local(),
        training.server(),
        training.rounds(),
        training.selection(),
        training.initialModelHash());
  }

  @Test
  void encode_halfASurrogatePair_isOurBug() {
    JobManifest manifest = Manifests.everything();
    JobManifest broken =
        new JobManifest(
            manifest.job(),
            "\ud83e",
            manifest.consortium(),
            manifest.aggregation(),
            manifest.training());

    assertThatThrownBy(() -> ManifestCodec.encode(broken))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void decode_anyKeyMissing_isRefusedWithItsPath() {
    forEachObject((steps, object) -> {
      for (String key : object.fields().keySet()) {
        Map<String, Json> fewer = new LinkedHashMap<>(object.fields());
        fewer.remove(key);
        Json without = replace(TREE, steps, value -> new Json.Obj(fewer));
        String expected = isChoice(steps) ? path(steps) : path(plus(steps, key));

        assertThat(refusal(JsonPrinter.print(without)).fieldPath()).isEqualTo(expected);
      }
    });
  }

  @Test
  void decode_anyKeyMore_isRefusedWithItsPath() {
    forEachObject((steps, object) -> {
      Map<String, Json> more = new LinkedHashMap<>(object.fields());
      more.put("class", new Json.Text(CONTENT));
      Json with = replace(TREE, steps, value -> new Json.Obj(more));
      String expected = isChoice(steps) ? path(steps) : path(plus(steps, "class"));

      assertThat(refusal(JsonPrinter.print(with)).fieldPath()).isEqualTo(expected);
    });
  }

  @Test
  void decode_anyKeyTwice_isRefusedWithItsPath() {
    forEachObject((steps, object) ->
        object
            .fields()
            .forEach((key, value) -> {
              Map<String, Json> twice = new LinkedHashMap<>(object.fields());
              twice.put("SECOND", value);
              String document =
                  JsonPrinter.print(replace(TREE, steps, v -> new Json.Obj(twice)))
                      .replace("SECOND", key);

              MalformedMessageException e = refusal(document);
              assertThat(e.fieldPath()).isEqualTo(path(plus(steps, key)));
              assertThat(e.rule()).isEqualTo("must not appear twice");
            }));
  }

  @Test
  void decode_anyValueOfOtherType_isRefusedWithItsPath() {
    forEachValue(
        TREE,
        List.of(),
        (steps, value) -> {
          for (Json other : othersThan(value)) {
            MalformedMessageException e =
                refusal(JsonPrinter.print(replace(TREE, steps, v -> other)));

            assertThat(e.fieldPath()).as("%s as %s", path(steps), other).isEqualTo(path(steps));
            assertThat(e.getMessage()).doesNotContain(CONTENT);
          }
        });
  }

  private static List<Json> othersThan(Json value) {
    Json text = new Json.Text(CONTENT);
    Json number = new Json.Num("1.5");
    Json list = new Json.Arr(List.of());
    Json object = new Json.Obj(Map.of());
    return switch (value) {
      case Json.Obj o -> List.of(text, number, list);
      case Json.Arr o -> List.of(text, number, object);
      case Json.Text o -> List.of(number, list, object);
      case Json.Num o ->
          o.spelling().contains(".")
              ? List.of(text, list, object)
              : List.of(text, list, object, number, new Json.Num("9223372036854775808"));
      case Json.Other o -> throw new AssertionError("no manifest holds " + o);
    };
  }

  @Test
  void decode_anyTextOfOtherContent_isRefusedWithoutIt() {
    forEachValue(
        TREE,
        List.of(),
        (steps, value) -> {
          if (value instanceof Json.Text) {
            for (String content : List.of("", CONTENT + "\u001b[2J", CONTENT + "x".repeat(300))) {
              String document =
                  JsonPrinter.print(replace(TREE, steps, v -> new Json.Text(content)));
              MalformedMessageException e = refusal(document);

              assertThat(e.fieldPath()).isEqualTo(path(steps));
              assertThat(e.getMessage()).doesNotContain(CONTENT);
            }
          }
        });
  }

  @Test
  void decode_anyNumberOutOfRange_isRefusedWithItsPath() {
    forEachValue(
        TREE,
        List.of(),
        (steps, value) -> {
          if (value instanceof Json.Num number && !steps.contains("seed")) {
            for (String spelling : outOfRange(number)) {
              boolean mayBeNegative = steps.contains("minimum") && !spelling.contains("400");
              if (!mayBeNegative) {
                String document =
                    JsonPrinter.print(replace(TREE, steps, v -> new Json.Num(spelling)));

                assertThat(refusal(document).fieldPath())
                    .as("%s = %s", path(steps), spelling)
                    .isEqualTo(path(steps));
              }
            }
          }
        });
  }

  private static List<String> outOfRange(Json.Num number) {
    return number.spelling().contains(".")
        ? List.of("1e400", "-1e400", "-1", "-1.0e300")
        : List.of("1e400", "-1", Long.toString(Long.MAX_VALUE));
  }

  static Stream<Arguments> rules() {
    return Stream.of(
        Arguments.of(
            "\"format\": \"hanse-manifest-1\"",
            "\"format\": \"hanse-manifest-2\"",
            "format: must be hanse-manifest-1"),
        Arguments.of(
            "\"chunk-elements\": 262144",
            "\"chunk-elements\": 262143",
            "aggregation.chunk-elements: must be 262144, not 262143"),
        Arguments.of(
            "FLSA1-X25519-AES256CTR-Z32", "FLSA2", "aggregation.suite: must be a known suite"),
        Arguments.of(
            "\"max-weight\": 1024",
            "\"max-weight\": 1048577",
            "aggregation.encoding.max-weight: must be from 1 to 1048576, not 1048577"),
        Arguments.of(
            "\"quorum\": 0.6",
            "\"quorum\": 0.5",
            "aggregation.cohort.quorum: must be above 0.5 and at most 1"),
        Arguments.of(
            "\"members\": 5", "\"members\": 6", "aggregation.cohort.members: must be 5, not 6"),
        Arguments.of(
            "\"colluding-sites\": 1",
            "\"colluding-sites\": 2",
            "aggregation.cohort.colluding-sites: must be from 0 to 1, not 2"),
        Arguments.of(
            "\"minimum-sites\": 4",
            "\"minimum-sites\": 6",
            "aggregation.cohort.minimum-sites: must be from 2 to 5, not 6"),
        Arguments.of(
            "\"clip-norm\": 10.0",
            "\"clip-norm\": 1.1e30",
            "aggregation.encoding.clip-norm: must be from 1.0E-30 to 1.0E30"),
        Arguments.of(
            "\"max-coordinate\": 1.0",
            "\"max-coordinate\": 9.9e-31",
            "aggregation.encoding.max-coordinate: must be from 1.0E-30 to 1.0E30"),
        Arguments.of(
            "\"server-learning-rate\": 1.0",
            "\"server-learning-rate\": 1e31",
            "training.server.fedavg.server-learning-rate: must be from 1.0E-30 to 1.0E30"),
        Arguments.of(
            "\"max-coordinate\": 1.0",
            "\"max-coordinate\": 10.5",
            "aggregation.encoding.max-coordinate: must be at most the clip norm"),
        Arguments.of(
            "\"max-weight\": 1024",
            "\"max-weight\": 0",
            "aggregation.encoding.max-weight: must be from 1 to 1048576, not 0"),
        Arguments.of(
            "\"bound\": 100.0",
            "\"bound\": 0.0",
            "aggregation.metrics[0].bound: must be from 1.0E-30 to 1.0E30"),
        Arguments.of(
            "training-accuracy",
            "training-loss",
            "aggregation.metrics[1].name: must not appear twice"),
        Arguments.of(
            "\"max-releases-per-model\": 2",
            "\"max-releases-per-model\": 17",
            "aggregation.retries.max-releases-per-model: must be from 1 to 16, not 17"),
        Arguments.of(
            "\"audit-chunks\": 8",
            "\"audit-chunks\": 65",
            "aggregation.audit-chunks: must be from 0 to 64, not 65"),
        Arguments.of(
            "\"recruit\": 60,",
            "\"recruit\": 0,",
            "aggregation.deadlines-seconds.recruit: must be from 1 to 2592000, not 0"),
        Arguments.of(
            "\"site-2\"", "\"site-1\"", "consortium.members[4].site: must not appear twice"),
        Arguments.of(
            "\"rounds\": 20", "\"rounds\": 0", "training.rounds: must be from 1 to 1000000, not 0"),
        Arguments.of(
            "\"sgd\"",
            "\"java.lang.Runtime\"",
            "training.local.optimizer.?: is not one of sgd, adam"),
        Arguments.of(
            "\"momentum\": 0.9",
            "\"momentum\": 1.0",
            "training.local.optimizer.sgd.momentum: must be from 0 to below 1"),
        Arguments.of("\"fedavg\"", "\"fedsum\"", "training.server.fedsum: is not one of fedavg"),
        Arguments.of(
            "\"label\": \"digit\"",
            "\"label\": \"pixel-3\"",
            "training.data.label: must not be the column of a feature"),
        Arguments.of(
            "\"pixel-4\"",
            "\"pixel-3\"",
            "training.data.features[4].column: must not appear twice"),
        Arguments.of("\"two\"", "\"1\"", "training.data.classes[2]: must not appear twice"),
        Arguments.of(
            "\"pixel-0\", \"minimum\": 0.0, \"maximum\": 16.0",
            "\"pixel-0\", \"minimum\": 16.0, \"maximum\": 16.0",
            "training.data.features[0].maximum: must be above the minimum"),
        Arguments.of(
            "\"kernel\": 3",
            "\"kernel\": 0",
            "training.model.layers[0].conv2d.kernel: must be from 1 to 1024, not 0"),
        Arguments.of(
            "\"padding\": \"same\"",
            "\"padding\": \"full\"",
            "training.model.layers[0].conv2d.padding: must be same or valid"),
        Arguments.of(
            "\"activation\": \"tanh\"",
            "\"activation\": \"gelu\"",
            "training.model.layers[2].conv2d.activation: must be a known activation"),
        Arguments.of(
            "{ \"flatten\": {} }",
            "{ \"dropout\": { \"rate\": 0.1 } }",
            "training.model: layers.4: expects a row; put a flatten layer before it"),
        Arguments.of(
            "\"name\": \"layers.0.weight\"",
            "\"name\": \"layers.1.weight\"",
            "training.layout.tensors[0].name: must be layers.0.weight"),
        Arguments.of(
            "\"shape\": [8, 1, 3, 3]",
            "\"shape\": [1, 8, 3, 3]",
            "training.layout.tensors[0].shape[0]: must be 8, not 1"),
        Arguments.of(
            "\"classes\": 3",
            "\"classes\": 4",
            "training.layout.parameters: must be 872, not 855"));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void decode_valueBreakingARule_isRefusedWithPathAndRule(String from, String to, String message) {
    assertThat(refusal(edited(from, to))).hasMessage(message);
  }

  @Test
  void decode_selection_isRead() {
    assertThat(ManifestCodec.decode(utf8(selecting(SELECTION))).training().selection())
        .contains(
            new ModelSelection(
                "training-loss", ModelSelection.Goal.MINIMIZE, 0.5, OptionalLong.of(3)));
    assertThat(
            ManifestCodec.decode(utf8(selecting(SELECTION.replace(", \"patience\": 3", ""))))
                .training()
                .selection()
                .orElseThrow()
                .patience())
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          training-loss | f1            | the selection's metric f1 is none of the manifest's
          minimize      | best          | training.selection.goal: must be a known goal
          0.5           | -0.5          | training.selection.minimum-change: must be 0 or more
          : 3           | : 0           | training.selection.patience: must be from 1 to 1000000, not 0
          "patience"    | "impatience"  | training.selection.impatience: is not a known key
          "goal"        | "aim"         | training.selection.aim: is not a known key
          """)
  void decode_badSelection_isRefused(String from, String to, String message) {
    assertThat(SELECTION).contains(from);
    assertThat(refusal(selecting(SELECTION.replace(from, to)))).hasMessage(message);
  }

  private static final String SELECTION =
      "{\"metric\": \"training-loss\", \"goal\": \"minimize\", \"minimum-change\": 0.5,"
          + " \"patience\": 3}";

  private static String selecting(String selection) {
    return edited("\"rounds\": 20,", "\"rounds\": 20, \"selection\": " + selection + ",");
  }

  /** Each tensor is within its own limit, all together are not: 10^10 + 10^11 + 10^11. */
  @Test
  void decode_modelOfTooManyParameters_isRefusedWithThePathOfTheModel() {
    Json layers =
        JsonReader.read(
            utf8(
                """
                [{"dense": {"units": 10000, "activation": "relu"}},
                 {"dense": {"units": 10000000, "activation": "relu"}},
                 {"dense": {"units": 10000, "activation": "relu"}},
                 {"softmax": {"classes": 3}}]
                """));
    Json inputs = new Json.Arr(List.of(new Json.Num("1")));
    Json large = replace(TREE, List.of("training", "model", "inputs"), value -> inputs);
    large = replace(large, List.of("training", "model", "layers"), value -> layers);

    assertThat(refusal(JsonPrinter.print(large)).fieldPath()).isEqualTo("training.model");
  }

  @Test
  void decode_moreMembersThanTheSuiteAllows_isRefusedAtTheSuite() {
    for (int members : new int[] {64, 65}) {
      String text = text(ManifestCodec.encode(Manifests.everything(members)));
      Bytes hybrid =
          utf8(text.replace("FLSA1-X25519-AES256CTR-Z32", "FLSA1-X25519MLKEM768-AES256CTR-Z32"));
      if (members == 64) {
        assertThat(ManifestCodec.decode(hybrid).aggregation().suite())
            .isEqualTo(Suite.FLSA1_HYBRID);
      } else {
        assertThatThrownBy(() -> ManifestCodec.decode(hybrid))
            .hasMessage("aggregation.suite: takes at most 64 members, not 65");
      }
    }
  }

  @Test
  void decode_upperCaseFingerprint_isRefused() {
    String key = Manifests.everything().consortium().coordinator().toHex();

    assertThat(refusal(edited(key, key.toUpperCase(java.util.Locale.ROOT))))
        .hasMessage("consortium.coordinator: must be 64 lower-case hexadecimal digits");
  }

  @Test
  void decode_coordinatorAsMember_isRefused() {
    var consortium = Manifests.everything().consortium();
    String document =
        edited(consortium.coordinator().toHex(), consortium.members().get(3).signingKey().toHex());

    assertThat(refusal(document))
        .hasMessage("consortium.members[3].signing-key: must not be the coordinator's");
  }

  static Stream<String> notJson() {
    return Stream.of(
        "",
        " ",
        "null",
        "[]",
        "{",
        "{}",
        "\"text\"",
        "NaN",
        VALID + "{}",
        VALID + "x",
        VALID + "\u0000",
        VALID.substring(0, VALID.length() / 2),
        "\ufeff" + VALID,
        "// comment\n" + VALID,
        edited("\"rounds\": 20", "\"rounds\": NaN"),
        edited("\"rounds\": 20", "\"rounds\": Infinity"),
        edited("\"rounds\": 20", "\"rounds\": 020"),
        edited("\"rounds\": 20", "\"rounds\": +20"),
        edited("\"rounds\": 20", "\"rounds\": 0x14"),
        edited("\"rounds\": 20", "\"rounds\": 20."),
        edited("\"rounds\": 20", "\"rounds\": 2e1"),
        edited("\"rounds\": 20", "\"rounds\": \"20\""),
        edited("\"rounds\": 20", "\"rounds\": " + "9".repeat(41)),
        edited("\"rounds\": 20", "\"rounds\": 1" + "0".repeat(100_000)),
        edited("\"rounds\": 20", "'rounds': 20"),
        edited("\"rounds\": 20", "rounds: 20"),
        edited("\"rounds\": 20,", "\"rounds\": 20,,"),
        edited("\"clip-norm\": 10.0", "\"clip-norm\": 1e400"),
        edited("\"clip-norm\": 10.0", "\"clip-norm\": 1e-400"),
        edited("\"clip-norm\": 10.0", "\"clip-norm\": -0.0"),
        edited("\"title\": \"Z", "\"title\": \"\\ud83e"),
        edited("\"title\": \"Z", "\"title\": \"\\ude00"),
        edited("\"title\": \"Z", "\"title\": \"\\u0000"),
        edited("\"title\": \"Z", "\"title\": \"\n"),
        edited("\"title\": \"Z", "\"title\": \"\\x41"),
        edited("\"title\"", "\"" + "k".repeat(100_000) + "\""),
        "[".repeat(100_000),
        "{\"a\":".repeat(100_000),
        "[".repeat(17) + "]".repeat(17));
  }

  @ParameterizedTest
  @MethodSource("notJson")
  void decode_hostileText_isRefused(String document) {
    assertThat(refusal(document).getMessage()).hasSizeLessThan(200).matches("[ -~]*");
  }

  @Test
  void decode_bytesThatAreNoUtf8_areRefused() {
    byte[] valid = VALID.getBytes(StandardCharsets.UTF_8);
    int at = VALID.indexOf("small CNN");
    for (byte[] wrong :
        List.of(
            new byte[] {(byte) 0xff},
            new byte[] {(byte) 0xc0, (byte) 0x80}, // NUL, too long
            new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80}, // half a surrogate pair
            new byte[] {(byte) 0xf4, (byte) 0x90, (byte) 0x80, (byte) 0x80})) { // too high
      byte[] bytes = valid.clone();
      System.arraycopy(wrong, 0, bytes, at, wrong.length);

      assertThat(refusal(Bytes.of(bytes))).hasMessage("must be valid UTF-8");
    }
    assertThat(refusal(Bytes.of(VALID.getBytes(StandardCharsets.UTF_16LE))).fieldPath()).isEmpty();
  }

  @Test
  void decode_moreThanTwoMebibytes_isRefused() {
    int missing = Limits.MAX_MANIFEST_BYTES - utf8(VALID).size();

    assertThat(ManifestCodec.decode(utf8(VALID + " ".repeat(missing))))
        .isEqualTo(Manifests.everything());
    assertThat(refusal(VALID + " ".repeat(missing + 1)))
        .hasMessage("must have at most 2097152 bytes, not 2097153");
  }

  @Test
  void decode_mutatedText_isAManifestOrRefused() {
    Random random = new Random(FUZZ_SEED);
    byte[] valid = VALID.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] bytes = Mutations.mutate(valid, random);
      try {
        ManifestCodec.decode(Bytes.of(bytes));
      } catch (MalformedMessageException expected) {
        assertThat(expected.getMessage()).hasSizeLessThan(300).matches("[ -~]*");
      } catch (RuntimeException e) {
        throw new AssertionError("fuzz seed %d, mutation %d".formatted(FUZZ_SEED, i), e);
      }
    }
  }

  /** Calls with every object of the golden manifest, one element standing for each list. */
  private static void forEachObject(BiConsumer<List<Object>, Json.Obj> consumer) {
    forEachValue(
        TREE,
        List.of(),
        (steps, value) -> {
          if (value instanceof Json.Obj object) {
            consumer.accept(steps, object);
          }
        });
  }

  private static void forEachValue(
      Json value, List<Object> steps, BiConsumer<List<Object>, Json> consumer) {
    consumer.accept(steps, value);
    switch (value) {
      case Json.Obj object ->
          object.fields().forEach((key, field) -> forEachValue(field, plus(steps, key), consumer));
      case Json.Arr array -> {
        boolean allDiffer = path(steps).equals("training.model.layers");
        int count = allDiffer ? array.elements().size() : 1;
        for (int i = 0; i < count; i++) {
          forEachValue(array.elements().get(i), plus(steps, i), consumer);
        }
      }
      case Json.Text text -> {}
      case Json.Num number -> {}
      case Json.Other other -> {}
    }
  }

  private static Json replace(Json value, List<Object> steps, UnaryOperator<Json> change) {
    if (steps.isEmpty()) {
      return change.apply(value);
    }
    List<Object> rest = steps.subList(1, steps.size());
    if (steps.getFirst() instanceof Integer index) {
      List<Json> elements = new ArrayList<>(((Json.Arr) value).elements());
      elements.set(index, replace(elements.get(index), rest, change));
      return new Json.Arr(elements);
    }
    Map<String, Json> fields = new LinkedHashMap<>(((Json.Obj) value).fields());
    fields.computeIfPresent(
        (String) steps.getFirst(), (key, field) -> replace(field, rest, change));
    return new Json.Obj(fields);
  }

  private static List<Object> plus(List<Object> steps, Object step) {
    List<Object> more = new ArrayList<>(steps);
    more.add(step);
    return more;
  }

  private static String path(List<Object> steps) {
    FieldPath path = FieldPath.ROOT;
    for (Object step : steps) {
      path = step instanceof Integer index ? path.at(index) : path.dot((String) step);
    }
    return path.toString();
  }

  /** Objects whose one key says what they are. */
  private static boolean isChoice(List<Object> steps) {
    String path = path(steps);
    return path.matches("training\\.(local\\.optimizer|server|model\\.layers\\[\\d+])");
  }
}
