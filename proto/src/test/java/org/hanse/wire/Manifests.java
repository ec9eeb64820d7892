package org.hanse.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
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
import org.hanse.core.plan.ModelSelection;
import org.hanse.core.plan.ServerUpdate;
import org.hanse.core.plan.SiteId;
import org.hanse.core.plan.StepDeadlines;
import org.hanse.core.plan.Suite;
import org.hanse.core.plan.TrainingPlan;

/** Valid manifests: one that uses every kind of layer, and any number of random ones. */
final class Manifests {
  private Manifests() {}

  static JobManifest everything() {
    return everything(5);
  }

  static JobManifest everything(int members) {
    Samples samples = new Samples(11);
    return new JobManifest(
        samples.job(),
        "Zürich \"digits\", small CNN",
        consortium(samples, members),
        new AggregationPlan(
            Suite.FLSA1,
            new CohortRules(members, 1, 0.6, 4),
            new EncodingRules(10.0, 1.0, 1024, 1),
            List.of(
                new MetricSpec(MetricSpec.TRAINING_LOSS, 100),
                new MetricSpec(MetricSpec.TRAINING_ACCURACY, 1)),
            RetryLimits.DEFAULT,
            8,
            new StepDeadlines(60, 600, 61, 62, 601, 63, 64, 602)),
        new TrainingPlan(
            new ModelDescription(
                List.of(8, 8, 1),
                List.of(
                    new LayerSpec.Conv2d(8, 3, 1, true, Activation.RELU),
                    new LayerSpec.MaxPool2d(2, 2),
                    new LayerSpec.Conv2d(4, 2, 1, false, Activation.TANH),
                    new LayerSpec.Flatten(),
                    new LayerSpec.Dense(16, Activation.SIGMOID),
                    new LayerSpec.Dropout(0.25),
                    new LayerSpec.SoftmaxOutput(3))),
            new DataContract("digits", features(64, 0, 16), "digit", List.of("0", "1", "two"), 20),
            new LocalTraining(1, 32, new LocalOptimizer.Sgd(0.05, 0.9), -7),
            new ServerUpdate.FedAvg(1.0),
            20,
            Optional.empty(),
            samples.hash()));
  }

  static JobManifest random(long seed) {
    Samples s = new Samples(seed);
    int members = s.between(4, 40);
    int inputs = s.between(1, 20);
    int classes = s.between(2, 9);
    double clipNorm = s.between(1L, 1L << 40) / 1024.0;
    Suite suite = s.oneOf(Suite.values());
    CohortRules cohort =
        new CohortRules(
            members,
            s.between(0, (members - 1) / 3),
            1 - s.between(0L, 1000L) / 2048.0,
            s.between(2, members));
    List<MetricSpec> metrics =
        IntStream.range(0, s.between(0, 4))
            .mapToObj(i -> new MetricSpec("metric-" + i, Math.exp(s.between(-69, 69))))
            .toList();
    return new JobManifest(
        s.job(),
        s.text(),
        consortium(s, members),
        new AggregationPlan(
            suite,
            cohort,
            new EncodingRules(
                clipNorm,
                clipNorm / s.between(1, 9),
                s.between(1, EncodingRules.maxWeight(suite.ring(), members)),
                1),
            metrics,
            new RetryLimits(s.between(1, 16), s.between(1, 16)),
            s.between(0, AggregationPlan.maxAuditChunks(suite, cohort)),
            new StepDeadlines(
                seconds(s),
                seconds(s),
                seconds(s),
                seconds(s),
                seconds(s),
                seconds(s),
                seconds(s),
                seconds(s))),
        new TrainingPlan(
            new ModelDescription(
                List.of(inputs),
                List.of(
                    new LayerSpec.Dense(s.between(1, 50), s.oneOf(Activation.values())),
                    new LayerSpec.SoftmaxOutput(classes))),
            new DataContract(
                s.name(),
                features(inputs, -s.between(1L, 1L << 50) / 3.0, s.between(0L, 1L << 50) / 7.0),
                "label",
                IntStream.range(0, classes).mapToObj(i -> i + s.text()).toList(),
                s.between(1, Integer.MAX_VALUE - 1)),
            new LocalTraining(
                s.between(1, 1000),
                s.between(1, 65_536),
                s.between(0, 1) == 0
                    ? new LocalOptimizer.Adam(Math.exp(s.between(-50, 5)))
                    : new LocalOptimizer.Sgd(Math.exp(s.between(-50, 5)), 0),
                s.between(Long.MIN_VALUE, Long.MAX_VALUE - 1)),
            new ServerUpdate.FedAvg(Math.exp(s.between(-9, 9))),
            s.between(1, Limits.MAX_ROUNDS),
            metrics.stream().map(metric -> selection(s, metric)).findAny(),
            s.hash()));
  }

  private static ModelSelection selection(Samples s, MetricSpec metric) {
    return new ModelSelection(
        metric.name(),
        s.oneOf(ModelSelection.Goal.values()),
        s.between(0, 9) / 8.0,
        s.between(0, 1) == 0
            ? OptionalLong.empty()
            : OptionalLong.of(s.between(1, Limits.MAX_ROUNDS)));
  }

  private static long seconds(Samples s) {
    return s.between(1, Limits.MAX_DEADLINE_SECONDS);
  }

  private static Consortium consortium(Samples samples, int members) {
    List<Member> list = new ArrayList<>();
    for (int i = 1; i <= members; i++) {
      list.add(new Member(samples.fingerprint(), new SiteId("site-" + i), samples.text()));
    }
    return new Consortium(list, samples.fingerprint());
  }

  private static List<DataContract.Feature> features(int count, double minimum, double maximum) {
    return IntStream.range(0, count)
        .mapToObj(i -> new DataContract.Feature("pixel-" + i, minimum, maximum))
        .toList();
  }
}
