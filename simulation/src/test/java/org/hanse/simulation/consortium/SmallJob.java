package org.hanse.simulation.consortium;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.hanse.core.crypto.ModelHash;
import org.hanse.core.plan.AggregationPlan;
import org.hanse.core.plan.CohortRules;
import org.hanse.core.plan.Consortium;
import org.hanse.core.plan.DataContract;
import org.hanse.core.plan.EncodingRules;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.JobManifest;
import org.hanse.core.plan.LayerSpec;
import org.hanse.core.plan.LocalOptimizer;
import org.hanse.core.plan.LocalTraining;
import org.hanse.core.plan.Member;
import org.hanse.core.plan.MetricSpec;
import org.hanse.core.plan.ModelDescription;
import org.hanse.core.plan.ServerUpdate;
import org.hanse.core.plan.StepDeadlines;
import org.hanse.core.plan.Suite;
import org.hanse.core.plan.TrainingPlan;
import org.hanse.core.vector.FloatVector;

/** A job whose model is as small as can be: what is simulated is everything else. */
final class SmallJob {
  private static final int FEATURES = 6;

  /** Far more than anybody has: no count of examples is any other number of a test. */
  private static final long EXAMPLES_PER_UNIT = 1L << 33;

  private static final StepDeadlines DEADLINES =
      new StepDeadlines(300, 120, 30, 30, 60, 30, 30, 60);

  private SmallJob() {}

  static JobManifest manifest(
      List<Member> members, Fingerprint coordinator, FloatVector initial, long rounds) {
    Suite suite = Suite.FLSA1;
    CohortRules cohort = new CohortRules(members.size(), members.size() > 4 ? 1 : 0, 0.6, 2);
    AggregationPlan aggregation =
        new AggregationPlan(
            suite,
            cohort,
            new EncodingRules(
                10, 1, EncodingRules.maxWeight(suite.ring(), members.size()), EXAMPLES_PER_UNIT),
            List.of(
                new MetricSpec(MetricSpec.TRAINING_LOSS, 100),
                new MetricSpec(MetricSpec.TRAINING_ACCURACY, 1)),
            AggregationPlan.RetryLimits.DEFAULT,
            AggregationPlan.defaultAuditChunks(suite, cohort),
            DEADLINES);
    return new JobManifest(
        new JobId("job-1"),
        "A simulated job",
        new Consortium(members, coordinator),
        aggregation,
        training(ModelHash.of(initial.segment()), rounds));
  }

  private static ModelDescription description() {
    return new ModelDescription(List.of(FEATURES), List.of(new LayerSpec.SoftmaxOutput(2)));
  }

  private static TrainingPlan training(Hash initial, long rounds) {
    List<DataContract.Feature> features = new ArrayList<>();
    for (int i = 0; i < FEATURES; i++) {
      features.add(new DataContract.Feature("f" + i, 0, 1));
    }
    return new TrainingPlan(
        description(),
        new DataContract("table", features, "label", List.of("no", "yes"), 1),
        new LocalTraining(1, 32, new LocalOptimizer.Sgd(0.1, 0), 7),
        new ServerUpdate.FedAvg(1),
        rounds,
        Optional.empty(),
        initial);
  }

  static FloatVector initialModel() {
    Random random = new Random(11);
    FloatVector model = FloatVector.allocate(description().layout().parameterCount());
    for (long i = 0; i < model.size(); i++) {
      model.set(i, (float) random.nextGaussian());
    }
    return model;
  }
}
