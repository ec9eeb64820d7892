package org.hanse.wire;

import java.util.List;
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
import org.hanse.core.plan.ServerUpdate;
import org.hanse.core.plan.StepDeadlines;
import org.hanse.core.plan.Suite;
import org.hanse.core.plan.TensorSpec;
import org.hanse.core.plan.TrainingPlan;

/** A JSON value as a manifest, layers and optimizers by hand: no name in it reaches a class. */
final class ManifestReader {
  private static final int MAX_TEXT = 200;
  private static final int MAX_CLASSES = 1_000_000;

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
    String title = root.path("title").text(root.text("title"), 1, MAX_TEXT);
    Consortium consortium = consortium(root.object("consortium", "coordinator", "members"));
    AggregationPlan aggregation =
        aggregation(
            root.object(
                "aggregation",
                "suite",
                "chunk-elements",
                "cohort",
                "encoding",
                "metrics",
                "retries",
                "deadlines-seconds"));
    TrainingPlan training =
        training(
            root.object(
                "training",
                "rounds",
                "local",
                "server",
                "data",
                "model",
                "layout",
                "initial-model-hash"));
    return FieldPath.ROOT.value(
        () -> new JobManifest(job, title, consortium, aggregation, training));
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
    return o.path().value(() -> new Consortium(members, coordinator));
  }

  private static Member member(FieldPath path, Json value) {
    JsonObject o = JsonObject.of(path, value, "site", "organisation", "signing-key");
    return new Member(
        o.path("signing-key").fingerprintHex(o.text("signing-key")),
        o.path("site").site(o.text("site")),
        o.path("organisation").text(o.text("organisation"), 1, MAX_TEXT));
  }

  private static AggregationPlan aggregation(JsonObject o) {
    Suite suite =
        Suite.byProtocolName(o.text("suite"))
            .orElseThrow(() -> o.path("suite").refuse("must be a known suite"));
    o.path("chunk-elements")
        .range(o.longInteger("chunk-elements"), Limits.CHUNK_ELEMENTS, Limits.CHUNK_ELEMENTS);
    CohortRules cohort =
        cohort(o.object("cohort", "members", "colluding-sites", "quorum", "minimum-sites"));
    EncodingRules encoding =
        encoding(
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
    return o.path()
        .value(() -> new AggregationPlan(suite, cohort, encoding, metrics, retries, deadlines));
  }

  private static CohortRules cohort(JsonObject o) {
    int members = o.integer("members");
    int colluding = o.integer("colluding-sites");
    double quorum = o.number("quorum");
    int minimum = o.integer("minimum-sites");
    return o.path().value(() -> new CohortRules(members, colluding, quorum, minimum));
  }

  private static EncodingRules encoding(JsonObject o) {
    double clipNorm = o.number("clip-norm");
    double maxCoordinate = o.number("max-coordinate");
    int maxWeight = o.integer("max-weight");
    long unit = o.longInteger("examples-per-weight-unit");
    return o.path().value(() -> new EncodingRules(clipNorm, maxCoordinate, maxWeight, unit));
  }

  private static MetricSpec metric(FieldPath path, Json value) {
    JsonObject o = JsonObject.of(path, value, "name", "bound");
    String name = o.path("name").identifier(o.text("name"));
    double bound = o.path("bound").positive(o.number("bound"));
    return path.value(() -> new MetricSpec(name, bound));
  }

  private static RetryLimits retries(JsonObject o) {
    int attempts = o.integer("max-attempts-per-round");
    int releases = o.integer("max-releases-per-model");
    return o.path().value(() -> new RetryLimits(attempts, releases));
  }

  private static StepDeadlines deadlines(JsonObject o) {
    long recruit = o.longInteger("recruit");
    long train = o.longInteger("train");
    long advertise = o.longInteger("advertise");
    long share = o.longInteger("share");
    long upload = o.longInteger("upload");
    long confirm = o.longInteger("confirm");
    long release = o.longInteger("release");
    long verdict = o.longInteger("verdict");
    return o.path()
        .value(() ->
            new StepDeadlines(recruit, train, advertise, share, upload, confirm, release, verdict));
  }

  private static TrainingPlan training(JsonObject o) {
    long rounds = o.path("rounds").range(o.longInteger("rounds"), 1, Limits.MAX_ROUNDS);
    LocalTraining local = local(o.object("local", "epochs", "batch-size", "optimizer", "seed"));
    ServerUpdate server = server(o.path("server"), o.value("server"));
    DataContract data =
        data(o.object("data", "contract", "minimum-rows", "label", "classes", "features"));
    ModelDescription model = model(o.object("model", "inputs", "layers"));
    layout(o.object("layout", "parameters", "tensors"), model.layout());
    var initial = o.path("initial-model-hash").hashHex(o.text("initial-model-hash"));
    return o.path().value(() -> new TrainingPlan(model, data, local, server, rounds, initial));
  }

  private static LocalTraining local(JsonObject o) {
    int epochs = o.integer("epochs");
    int batchSize = o.integer("batch-size");
    LocalOptimizer optimizer = optimizer(o.path("optimizer"), o.value("optimizer"));
    long seed = o.longInteger("seed");
    return o.path().value(() -> new LocalTraining(epochs, batchSize, optimizer, seed));
  }

  private static LocalOptimizer optimizer(FieldPath path, Json value) {
    String kind = JsonObject.onlyKey(path, value, "sgd", "adam");
    JsonObject only = JsonObject.of(path, value, kind);
    if (kind.equals("adam")) {
      JsonObject o = only.object(kind, "learning-rate");
      double rate = o.number("learning-rate");
      return o.path().value(() -> new LocalOptimizer.Adam(rate));
    }
    JsonObject o = only.object(kind, "learning-rate", "momentum");
    double rate = o.number("learning-rate");
    double momentum = o.number("momentum");
    return o.path().value(() -> new LocalOptimizer.Sgd(rate, momentum));
  }

  private static ServerUpdate server(FieldPath path, Json value) {
    String kind = JsonObject.onlyKey(path, value, "fedavg");
    JsonObject o = JsonObject.of(path, value, kind).object(kind, "server-learning-rate");
    double rate = o.number("server-learning-rate");
    return o.path().value(() -> new ServerUpdate.FedAvg(rate));
  }

  private static DataContract data(JsonObject o) {
    String contract = o.path("contract").identifier(o.text("contract"));
    int minimumRows = o.integer("minimum-rows");
    String label = o.path("label").text(o.text("label"), 1, MAX_TEXT);
    List<String> classes = o.distinctTexts("classes", 2, MAX_CLASSES, MAX_TEXT);
    List<DataContract.Feature> features =
        o.list("features", 1, Limits.MAX_COLUMNS, ManifestReader::feature);
    o.path("features").distinct(features, DataContract.Feature::column, "column");
    if (features.stream().anyMatch(feature -> feature.column().equals(label))) {
      throw o.path("label").refuse("must not be the column of a feature");
    }
    return o.path().value(() -> new DataContract(contract, features, label, classes, minimumRows));
  }

  private static DataContract.Feature feature(FieldPath path, Json value) {
    JsonObject o = JsonObject.of(path, value, "column", "minimum", "maximum");
    String column = o.path("column").text(o.text("column"), 1, MAX_TEXT);
    double minimum = o.number("minimum");
    double maximum = o.number("maximum");
    if (!(minimum < maximum)) {
      throw o.path("maximum").refuse("must be above the minimum");
    }
    return new DataContract.Feature(column, minimum, maximum);
  }

  private static ModelDescription model(JsonObject o) {
    List<Integer> inputs = o.list("inputs", 1, 3, JsonObject::integer);
    List<LayerSpec> layers = o.list("layers", 1, Limits.MAX_LAYERS, ManifestReader::layer);
    return o.path().value(() -> new ModelDescription(inputs, layers));
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
        int size = o.integer("size");
        int stride = o.integer("stride");
        yield o.path().value(() -> new LayerSpec.MaxPool2d(size, stride));
      }
      case "flatten" -> {
        only.object(kind);
        yield new LayerSpec.Flatten();
      }
      case "dense" -> {
        JsonObject o = only.object(kind, "units", "activation");
        int units = o.integer("units");
        Activation activation = activation(o);
        yield o.path().value(() -> new LayerSpec.Dense(units, activation));
      }
      case "dropout" -> {
        JsonObject o = only.object(kind, "rate");
        double rate = o.number("rate");
        yield o.path().value(() -> new LayerSpec.Dropout(rate));
      }
      case "softmax" -> {
        JsonObject o = only.object(kind, "classes");
        int classes = o.integer("classes");
        yield o.path().value(() -> new LayerSpec.SoftmaxOutput(classes));
      }
      default -> throw new IllegalStateException("no layer " + kind);
    };
  }

  private static LayerSpec conv2d(JsonObject o) {
    int channels = o.integer("channels");
    int kernel = o.integer("kernel");
    int stride = o.integer("stride");
    boolean same =
        switch (o.text("padding")) {
          case "same" -> true;
          case "valid" -> false;
          default -> throw o.path("padding").refuse("must be same or valid");
        };
    Activation activation = activation(o);
    return o.path().value(() -> new LayerSpec.Conv2d(channels, kernel, stride, same, activation));
  }

  private static Activation activation(JsonObject o) {
    String word = o.text("activation");
    for (Activation activation : Activation.values()) {
      if (ManifestWriter.word(activation).equals(word)) {
        return activation;
      }
    }
    throw o.path("activation").refuse("must be a known activation");
  }

  /** The text states the layout for its readers; the model decides it. */
  private static void layout(JsonObject o, ModelLayout expected) {
    long parameters = expected.parameterCount();
    o.path("parameters").range(o.longInteger("parameters"), parameters, parameters);
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
    if (!o.list("shape", rank, rank, JsonObject::longInteger).equals(expected.shape())) {
      throw o.path("shape").refuse("must be the model's " + expected.shape());
    }
  }
}
