package org.hanse.wire;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.hanse.core.plan.Activation;
import org.hanse.core.plan.AggregationPlan;
import org.hanse.core.plan.AggregationPlan.RetryLimits;
import org.hanse.core.plan.CohortRules;
import org.hanse.core.plan.Consortium;
import org.hanse.core.plan.DataContract;
import org.hanse.core.plan.EncodingRules;
import org.hanse.core.plan.JobManifest;
import org.hanse.core.plan.LayerSpec;
import org.hanse.core.plan.Limits;
import org.hanse.core.plan.LocalOptimizer;
import org.hanse.core.plan.LocalTraining;
import org.hanse.core.plan.Member;
import org.hanse.core.plan.MetricSpec;
import org.hanse.core.plan.ModelDescription;
import org.hanse.core.plan.ModelLayout;
import org.hanse.core.plan.ModelSelection;
import org.hanse.core.plan.ServerUpdate;
import org.hanse.core.plan.StepDeadlines;
import org.hanse.core.plan.Suite;
import org.hanse.core.plan.TensorSpec;
import org.hanse.core.plan.TrainingPlan;

/** A JSON value as a manifest, layers and optimizers by hand: no name in it reaches a class. */
final class ManifestReader {
  private ManifestReader() {}

  static JobManifest read(Json document) {
    JsonObject root =
        JsonObject.of(
            FieldPath.ROOT,
            document,
            "format",
            "job",
            "title",
            "consortium",
            "aggregation",
            "training");
    root.literal("format", ManifestWriter.FORMAT);
    var job = root.path("job").job(root.text("job"));
    String title = root.path("title").text(root.text("title"), 1, Limits.MAX_TEXT_LENGTH);
    Consortium consortium = consortium(root.object("consortium", "coordinator", "members"));
    AggregationPlan aggregation =
        aggregation(
            consortium.members().size(),
            root.object(
                "aggregation",
                "suite",
                "chunk-elements",
                "cohort",
                "encoding",
                "metrics",
                "retries",
                "audit-chunks",
                "deadlines-seconds"));
    TrainingPlan training =
        training(
            root.object(
                "training",
                List.of("selection"),
                "rounds",
                "local",
                "server",
                "data",
                "model",
                "layout",
                "initial-model-hash"));
    return root.path().value(() -> new JobManifest(job, title, consortium, aggregation, training));
  }

  private static Consortium consortium(JsonObject o) {
    var coordinator = o.path("coordinator").fingerprintHex(o.text("coordinator"));
    List<Member> members = o.list("members", 2, Limits.MAX_MEMBERS, ManifestReader::member);
    o.path("members").distinct(members, Member::signingKey, "signing-key");
    o.path("members").distinct(members, Member::site, "site");
    for (int i = 0; i < members.size(); i++) {
      if (members.get(i).signingKey().equals(coordinator)) {
        throw o.path("members").at(i).dot("signing-key").refuse("must not be the coordinator's");
      }
    }
    return new Consortium(members, coordinator);
  }

  private static Member member(FieldPath path, Json value) {
    JsonObject o = JsonObject.of(path, value, "site", "organisation", "signing-key");
    return new Member(
        o.path("signing-key").fingerprintHex(o.text("signing-key")),
        o.path("site").site(o.text("site")),
        o.path("organisation").text(o.text("organisation"), 1, Limits.MAX_TEXT_LENGTH));
  }

  private static AggregationPlan aggregation(int memberCount, JsonObject o) {
    Suite suite =
        Suite.byProtocolName(o.text("suite"))
            .orElseThrow(() -> o.path("suite").refuse("must be a known suite"));
    o.longInteger("chunk-elements", Limits.CHUNK_ELEMENTS, Limits.CHUNK_ELEMENTS);
    CohortRules cohort =
        cohort(
            memberCount,
            o.object("cohort", "members", "colluding-sites", "quorum", "minimum-sites"));
    if (memberCount > suite.maxMembers()) {
      throw o.path("suite")
          .refuse("takes at most " + suite.maxMembers() + " members, not " + memberCount);
    }
    EncodingRules encoding =
        encoding(
            EncodingRules.maxWeight(suite.ring(), memberCount),
            o.object(
                "encoding",
                "clip-norm",
                "max-coordinate",
                "max-weight",
                "examples-per-weight-unit"));
    List<MetricSpec> metrics = o.list("metrics", 0, Limits.MAX_METRICS, ManifestReader::metric);
    o.path("metrics").distinct(metrics, MetricSpec::name, "name");
    RetryLimits retries =
        retries(o.object("retries", "max-attempts-per-round", "max-releases-per-model"));
    int auditChunks = o.integer("audit-chunks", 0, AggregationPlan.maxAuditChunks(suite, cohort));
    StepDeadlines deadlines =
        deadlines(
            o.object(
                "deadlines-seconds",
                "recruit",
                "train",
                "advertise",
                "share",
                "upload",
                "confirm",
                "release",
                "verdict"));
    return new AggregationPlan(suite, cohort, encoding, metrics, retries, auditChunks, deadlines);
  }

  private static CohortRules cohort(int memberCount, JsonObject o) {
    int members = o.integer("members", memberCount, memberCount);
    int colluding = o.integer("colluding-sites", 0, CohortRules.defaultColludingSites(memberCount));
    double quorum = o.number("quorum");
    if (!(quorum > 0.5 && quorum <= 1)) {
      throw o.path("quorum").refuse("must be above 0.5 and at most 1");
    }
    return new CohortRules(members, colluding, quorum, o.integer("minimum-sites", 2, memberCount));
  }

  private static EncodingRules encoding(int maxWeight, JsonObject o) {
    double clipNorm = o.path("clip-norm").scale(o.number("clip-norm"));
    double maxCoordinate = o.path("max-coordinate").scale(o.number("max-coordinate"));
    if (maxCoordinate > clipNorm) {
      throw o.path("max-coordinate").refuse("must be at most the clip norm");
    }
    return new EncodingRules(
        clipNorm,
        maxCoordinate,
        o.integer("max-weight", 1, maxWeight),
        o.longInteger("examples-per-weight-unit", 1, Limits.MAX_EXAMPLES_PER_WEIGHT_UNIT));
  }

  private static MetricSpec metric(FieldPath path, Json value) {
    JsonObject o = JsonObject.of(path, value, "name", "bound");
    String name = o.path("name").identifier(o.text("name"));
    double bound = o.path("bound").scale(o.number("bound"));
    return new MetricSpec(name, bound);
  }

  private static RetryLimits retries(JsonObject o) {
    return new RetryLimits(
        o.integer("max-attempts-per-round", 1, Limits.MAX_ATTEMPTS),
        o.integer("max-releases-per-model", 1, Limits.MAX_ATTEMPTS));
  }

  private static StepDeadlines deadlines(JsonObject o) {
    return new StepDeadlines(
        deadline(o, "recruit"),
        deadline(o, "train"),
        deadline(o, "advertise"),
        deadline(o, "share"),
        deadline(o, "upload"),
        deadline(o, "confirm"),
        deadline(o, "release"),
        deadline(o, "verdict"));
  }

  private static long deadline(JsonObject o, String step) {
    return o.longInteger(step, 1, Limits.MAX_DEADLINE_SECONDS);
  }

  private static TrainingPlan training(JsonObject o) {
    long rounds = o.longInteger("rounds", 1, Limits.MAX_ROUNDS);
    LocalTraining local = local(o.object("local", "epochs", "batch-size", "optimizer", "seed"));
    ServerUpdate server = server(o.path("server"), o.value("server"));
    DataContract data =
        data(o.object("data", "contract", "minimum-rows", "label", "classes", "features"));
    ModelDescription model = model(o.object("model", "inputs", "layers"));
    layout(o.object("layout", "parameters", "tensors"), model.layout());
    var initial = o.path("initial-model-hash").hashHex(o.text("initial-model-hash"));
    Optional<ModelSelection> selection =
        o.has("selection")
            ? Optional.of(
                selection(
                    o.object("selection", List.of("patience"), "metric", "goal", "minimum-change")))
            : Optional.empty();
    return o.path()
        .value(() -> new TrainingPlan(model, data, local, server, rounds, selection, initial));
  }

  private static ModelSelection selection(JsonObject o) {
    String metric = o.path("metric").identifier(o.text("metric"));
    ModelSelection.Goal goal = constant(o, "goal", ModelSelection.Goal.values());
    double minimumChange = o.number("minimum-change");
    if (minimumChange < 0) {
      throw o.path("minimum-change").refuse("must be 0 or more");
    }
    OptionalLong patience =
        o.has("patience")
            ? OptionalLong.of(o.longInteger("patience", 1, Limits.MAX_ROUNDS))
            : OptionalLong.empty();
    return new ModelSelection(metric, goal, minimumChange, patience);
  }

  private static LocalTraining local(JsonObject o) {
    return new LocalTraining(
        o.integer("epochs", 1, Limits.MAX_EPOCHS),
        o.integer("batch-size", 1, Limits.MAX_BATCH_SIZE),
        optimizer(o.path("optimizer"), o.value("optimizer")),
        o.longInteger("seed"));
  }

  private static LocalOptimizer optimizer(FieldPath path, Json value) {
    String kind = JsonObject.onlyKey(path, value, "sgd", "adam");
    JsonObject only = JsonObject.of(path, value, kind);
    if (kind.equals("adam")) {
      return new LocalOptimizer.Adam(rate(only.object(kind, "learning-rate"), "learning-rate"));
    }
    JsonObject o = only.object(kind, "learning-rate", "momentum");
    double momentum = o.number("momentum");
    if (!(momentum >= 0 && momentum < 1)) {
      throw o.path("momentum").refuse("must be from 0 to below 1");
    }
    return new LocalOptimizer.Sgd(rate(o, "learning-rate"), momentum);
  }

  private static ServerUpdate server(FieldPath path, Json value) {
    String kind = JsonObject.onlyKey(path, value, "fedavg");
    JsonObject o = JsonObject.of(path, value, kind).object(kind, "server-learning-rate");
    double rate = o.path("server-learning-rate").scale(o.number("server-learning-rate"));
    return new ServerUpdate.FedAvg(rate);
  }

  private static double rate(JsonObject o, String key) {
    return o.path(key).positive(o.number(key));
  }

  private static DataContract data(JsonObject o) {
    String contract = o.path("contract").identifier(o.text("contract"));
    int minimumRows = o.integer("minimum-rows", 1, Integer.MAX_VALUE);
    String label = o.path("label").text(o.text("label"), 1, Limits.MAX_TEXT_LENGTH);
    List<String> classes =
        o.distinctTexts("classes", 2, Limits.MAX_CLASSES, Limits.MAX_TEXT_LENGTH);
    List<DataContract.Feature> features =
        o.list("features", 1, Limits.MAX_COLUMNS, ManifestReader::feature);
    o.path("features").distinct(features, DataContract.Feature::column, "column");
    if (features.stream().anyMatch(feature -> feature.column().equals(label))) {
      throw o.path("label").refuse("must not be the column of a feature");
    }
    return new DataContract(contract, features, label, classes, minimumRows);
  }

  private static DataContract.Feature feature(FieldPath path, Json value) {
    JsonObject o = JsonObject.of(path, value, "column", "minimum", "maximum");
    String column = o.path("column").text(o.text("column"), 1, Limits.MAX_TEXT_LENGTH);
    double minimum = o.number("minimum");
    double maximum = o.number("maximum");
    if (!(minimum < maximum)) {
      throw o.path("maximum").refuse("must be above the minimum");
    }
    return new DataContract.Feature(column, minimum, maximum);
  }

  private static ModelDescription model(JsonObject o) {
    List<Integer> inputs = o.list("inputs", 1, 3, ManifestReader::extent);
    List<LayerSpec> layers = o.list("layers", 1, Limits.MAX_LAYERS, ManifestReader::layer);
    return o.path().value(() -> new ModelDescription(inputs, layers));
  }

  private static int extent(FieldPath path, Json value) {
    return (int) path.range(JsonObject.longInteger(path, value), 1, Limits.MAX_INPUT_EXTENT);
  }

  private static LayerSpec layer(FieldPath path, Json value) {
    String kind =
        JsonObject.onlyKey(
            path, value, "conv2d", "max-pool2d", "flatten", "dense", "dropout", "softmax");
    JsonObject only = JsonObject.of(path, value, kind);
    return switch (kind) {
      case "conv2d" ->
          conv2d(only.object(kind, "channels", "kernel", "stride", "padding", "activation"));
      case "max-pool2d" -> {
        JsonObject o = only.object(kind, "size", "stride");
        yield new LayerSpec.MaxPool2d(window(o, "size"), window(o, "stride"));
      }
      case "flatten" -> {
        only.object(kind);
        yield new LayerSpec.Flatten();
      }
      case "dense" -> {
        JsonObject o = only.object(kind, "units", "activation");
        yield new LayerSpec.Dense(o.integer("units", 1, Limits.MAX_UNITS), activation(o));
      }
      case "dropout" -> {
        JsonObject o = only.object(kind, "rate");
        double rate = o.number("rate");
        if (!(rate > 0 && rate < 1)) {
          throw o.path("rate").refuse("must be between 0 and 1");
        }
        yield new LayerSpec.Dropout(rate);
      }
      case "softmax" ->
          new LayerSpec.SoftmaxOutput(
              only.object(kind, "classes").integer("classes", 2, Limits.MAX_CLASSES));
      default -> throw new IllegalStateException("no layer " + kind);
    };
  }

  private static LayerSpec conv2d(JsonObject o) {
    int channels = o.integer("channels", 1, Limits.MAX_CHANNELS);
    boolean same =
        switch (o.text("padding")) {
          case "same" -> true;
          case "valid" -> false;
          default -> throw o.path("padding").refuse("must be same or valid");
        };
    return new LayerSpec.Conv2d(
        channels, window(o, "kernel"), window(o, "stride"), same, activation(o));
  }

  private static int window(JsonObject o, String key) {
    return o.integer(key, 1, Limits.MAX_WINDOW);
  }

  private static Activation activation(JsonObject o) {
    return constant(o, "activation", Activation.values());
  }

  private static <E extends Enum<E>> E constant(JsonObject o, String key, E[] constants) {
    String word = o.text(key);
    for (E constant : constants) {
      if (ManifestWriter.word(constant).equals(word)) {
        return constant;
      }
    }
    throw o.path(key).refuse("must be a known " + key);
  }

  /** The text states the layout for its readers; the model decides it. */
  private static void layout(JsonObject o, ModelLayout expected) {
    long parameters = expected.parameterCount();
    o.longInteger("parameters", parameters, parameters);
    int count = expected.tensors().size();
    List<JsonObject> tensors =
        o.list("tensors", count, count, (at, value) -> JsonObject.of(at, value, "name", "shape"));
    for (int i = 0; i < count; i++) {
      tensor(tensors.get(i), expected.tensors().get(i));
    }
  }

  private static void tensor(JsonObject o, TensorSpec expected) {
    o.literal("name", expected.name());
    int rank = expected.shape().size();
    List<Long> shape = o.list("shape", rank, rank, JsonObject::longInteger);
    for (int i = 0; i < rank; i++) {
      o.path("shape").at(i).range(shape.get(i), expected.shape().get(i), expected.shape().get(i));
    }
  }
}
