package org.hanse.wire;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.hanse.core.plan.AggregationPlan;
import org.hanse.core.plan.CohortRules;
import org.hanse.core.plan.Consortium;
import org.hanse.core.plan.DataContract;
import org.hanse.core.plan.EncodingRules;
import org.hanse.core.plan.JobManifest;
import org.hanse.core.plan.LayerSpec;
import org.hanse.core.plan.Limits;
import org.hanse.core.plan.LocalOptimizer;
import org.hanse.core.plan.LocalTraining;
import org.hanse.core.plan.ModelDescription;
import org.hanse.core.plan.ModelLayout;
import org.hanse.core.plan.ModelSelection;
import org.hanse.core.plan.ServerUpdate;
import org.hanse.core.plan.StepDeadlines;
import org.hanse.core.plan.TrainingPlan;

/** A manifest as a JSON value, keys in the order in which a steward reads them. */
final class ManifestWriter {
  static final String FORMAT = "hanse-manifest-1";

  private ManifestWriter() {}

  static Json write(JobManifest manifest) {
    return object(
        "format", text(FORMAT),
        "job", text(manifest.job().value()),
        "title", text(manifest.title()),
        "consortium", write(manifest.consortium()),
        "aggregation", write(manifest.aggregation()),
        "training", write(manifest.training()));
  }

  private static Json write(Consortium consortium) {
    return object(
        "coordinator", text(consortium.coordinator().toHex()),
        "members",
            list(
                consortium.members(),
                member ->
                    object(
                        "site", text(member.site().value()),
                        "organisation", text(member.organisation()),
                        "signing-key", text(member.signingKey().toHex()))));
  }

  private static Json write(AggregationPlan plan) {
    return object(
        "suite", text(plan.suite().protocolName()),
        "chunk-elements", Json.Num.of(Limits.CHUNK_ELEMENTS),
        "cohort", write(plan.cohort()),
        "encoding", write(plan.encoding()),
        "metrics",
            list(
                plan.metrics(),
                metric ->
                    object(
                        "name", text(metric.name()),
                        "bound", Json.Num.of(metric.bound()))),
        "retries",
            object(
                "max-attempts-per-round", Json.Num.of(plan.retries().maxAttemptsPerRound()),
                "max-releases-per-model", Json.Num.of(plan.retries().maxReleasesPerModel())),
        "audit-chunks", Json.Num.of(plan.auditChunks()),
        "deadlines-seconds", write(plan.deadlines()));
  }

  private static Json write(CohortRules cohort) {
    return object(
        "members", Json.Num.of(cohort.memberCount()),
        "colluding-sites", Json.Num.of(cohort.colludingSites()),
        "quorum", Json.Num.of(cohort.quorum()),
        "minimum-sites", Json.Num.of(cohort.minimumSites()));
  }

  private static Json write(EncodingRules encoding) {
    return object(
        "clip-norm", Json.Num.of(encoding.clipNormL2()),
        "max-coordinate", Json.Num.of(encoding.clipMaxAbs()),
        "max-weight", Json.Num.of(encoding.maxWeight()),
        "examples-per-weight-unit", Json.Num.of(encoding.examplesPerWeightUnit()));
  }

  private static Json write(StepDeadlines deadlines) {
    return object(
        "recruit", Json.Num.of(deadlines.recruitSeconds()),
        "train", Json.Num.of(deadlines.trainSeconds()),
        "advertise", Json.Num.of(deadlines.advertiseSeconds()),
        "share", Json.Num.of(deadlines.shareSeconds()),
        "upload", Json.Num.of(deadlines.uploadSeconds()),
        "confirm", Json.Num.of(deadlines.confirmSeconds()),
        "release", Json.Num.of(deadlines.releaseSeconds()),
        "verdict", Json.Num.of(deadlines.verdictSeconds()));
  }

  private static Json write(TrainingPlan training) {
    return object(
        "rounds", Json.Num.of(training.rounds()),
        "selection", training.selection().map(ManifestWriter::write),
        "local", write(training.local()),
        "server", write(training.server()),
        "data", write(training.data()),
        "model", write(training.model()),
        "layout", write(training.model().layout()),
        "initial-model-hash", text(training.initialModelHash().toHex()));
  }

  private static Json write(ModelSelection selection) {
    Optional<Json> patience =
        selection.patience().isPresent()
            ? Optional.of(Json.Num.of(selection.patience().getAsLong()))
            : Optional.empty();
    return object(
        "metric", text(selection.metric()),
        "goal", text(word(selection.goal())),
        "minimum-change", Json.Num.of(selection.minimumChange()),
        "patience", patience);
  }

  private static Json write(LocalTraining local) {
    return object(
        "epochs", Json.Num.of(local.epochs()),
        "batch-size", Json.Num.of(local.batchSize()),
        "optimizer", write(local.optimizer()),
        "seed", Json.Num.of(local.seed()));
  }

  private static Json write(LocalOptimizer optimizer) {
    return switch (optimizer) {
      case LocalOptimizer.Sgd sgd ->
          object(
              "sgd",
              object(
                  "learning-rate", Json.Num.of(sgd.learningRate()),
                  "momentum", Json.Num.of(sgd.momentum())));
      case LocalOptimizer.Adam adam ->
          object("adam", object("learning-rate", Json.Num.of(adam.learningRate())));
    };
  }

  private static Json write(ServerUpdate server) {
    return switch (server) {
      case ServerUpdate.FedAvg fedAvg ->
          object(
              "fedavg", object("server-learning-rate", Json.Num.of(fedAvg.serverLearningRate())));
    };
  }

  private static Json write(DataContract data) {
    return object(
        "contract", text(data.name()),
        "minimum-rows", Json.Num.of(data.minimumRows()),
        "label", text(data.label()),
        "classes", list(data.classes(), ManifestWriter::text),
        "features",
            list(
                data.features(),
                feature ->
                    object(
                        "column", text(feature.column()),
                        "minimum", Json.Num.of(feature.minimum()),
                        "maximum", Json.Num.of(feature.maximum()))));
  }

  private static Json write(ModelDescription model) {
    return object(
        "inputs", list(model.inputShape(), Json.Num::of),
        "layers", list(model.layers(), ManifestWriter::write));
  }

  private static Json write(LayerSpec layer) {
    return switch (layer) {
      case LayerSpec.Conv2d conv ->
          object(
              "conv2d",
              object(
                  "channels", Json.Num.of(conv.channels()),
                  "kernel", Json.Num.of(conv.kernel()),
                  "stride", Json.Num.of(conv.stride()),
                  "padding", text(conv.samePadding() ? "same" : "valid"),
                  "activation", text(word(conv.activation()))));
      case LayerSpec.MaxPool2d pool ->
          object(
              "max-pool2d",
              object("size", Json.Num.of(pool.size()), "stride", Json.Num.of(pool.stride())));
      case LayerSpec.Flatten flatten -> object("flatten", new Json.Obj(Map.of()));
      case LayerSpec.Dense dense ->
          object(
              "dense",
              object(
                  "units", Json.Num.of(dense.units()),
                  "activation", text(word(dense.activation()))));
      case LayerSpec.Dropout dropout ->
          object("dropout", object("rate", Json.Num.of(dropout.rate())));
      case LayerSpec.SoftmaxOutput output ->
          object("softmax", object("classes", Json.Num.of(output.classes())));
    };
  }

  private static Json write(ModelLayout layout) {
    return object(
        "parameters", Json.Num.of(layout.parameterCount()),
        "tensors",
            list(
                layout.tensors(),
                tensor ->
                    object(
                        "name", text(tensor.name()),
                        "shape", list(tensor.shape(), Json.Num::of))));
  }

  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static Json text(String value) {
    return new Json.Text(value);
  }

  private static <V> Json list(List<V> values, Function<V, Json> write) {
    return new Json.Arr(values.stream().map(write).toList());
  }

  /** Keys and values by turns; a key whose value is an empty {@code Optional} is left out. */
  private static Json object(Object... keysAndValues) {
    Map<String, Json> fields = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      String key = (String) keysAndValues[i];
      if (keysAndValues[i + 1] instanceof Optional<?> optional) {
        optional.ifPresent(value -> fields.put(key, (Json) value));
      } else {
        fields.put(key, (Json) keysAndValues[i + 1]);
      }
    }
    return new Json.Obj(fields);
  }
}
