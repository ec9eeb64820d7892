package org.hanse.coordinator.testing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.hanse.core.crypto.ModelHash;
import org.hanse.core.plan.Activation;
import org.hanse.core.plan.AggregationPlan;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.CohortRules;
import org.hanse.core.plan.Consortium;
import org.hanse.core.plan.DataContract;
import org.hanse.core.plan.EncodingRules;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.JobManifest;
import org.hanse.core.plan.LayerSpec;
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
import org.hanse.core.secagg.Contexts;
import org.hanse.core.vector.FloatVector;
import org.hanse.wire.ManifestCodec;

/**
 * A job of {@code members} sites, with their keys, all made from fixed seeds.
 *
 * @param sites ascending by fingerprint; number i is site-i
 */
public record TestJob(
    JobManifest manifest, List<SigningPair> sites, SigningPair coordinator, FloatVector model) {

  /**
   * What a job is like.
   *
   * @param hiddenUnits 0 for none; 400 of them make more than one chunk
   */
  public record Shape(
      String id, int members, int colluding, Suite suite, int hiddenUnits, long rounds) {
    public static Shape of(int members) {
      return new Shape("job-1", members, members > 4 ? 1 : 0, Suite.FLSA1, 0, 1);
    }

    public Shape large() {
      return new Shape(id, members, colluding, suite, 400, rounds);
    }

    public Shape rounds(long count) {
      return new Shape(id, members, colluding, suite, hiddenUnits, count);
    }

    public Shape id(String other) {
      return new Shape(other, members, colluding, suite, hiddenUnits, rounds);
    }

    public Shape suite(Suite other) {
      return new Shape(id, members, colluding, other, hiddenUnits, rounds);
    }
  }

  /** Far more than anybody has: no count of examples is any other number of a test. */
  public static final long EXAMPLES_PER_UNIT = 1L << 33;

  private static final int FEATURES = 700;

  public static TestJob of(Shape shape) {
    return of(shape, new StepDeadlines(60, 60, 20, 20, 20, 20, 20, 20));
  }

  public static TestJob of(Shape shape, StepDeadlines deadlines) {
    List<SigningPair> sites = new ArrayList<>();
    for (int i = 0; i < shape.members(); i++) {
      sites.add(SigningPair.of("site " + i));
    }
    sites.sort(Comparator.comparing(pair -> pair.key().fingerprint()));
    SigningPair coordinator = SigningPair.of("coordinator");
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < sites.size(); i++) {
      members.add(
          new Member(sites.get(i).key().fingerprint(), new SiteId("site-" + i), "Hospital " + i));
    }
    CohortRules cohort = new CohortRules(shape.members(), shape.colluding(), 0.6, 2);
    AggregationPlan aggregation =
        new AggregationPlan(
            shape.suite(),
            cohort,
            new EncodingRules(
                10,
                1,
                EncodingRules.maxWeight(shape.suite().ring(), shape.members()),
                EXAMPLES_PER_UNIT),
            List.of(
                new MetricSpec(MetricSpec.TRAINING_LOSS, 100),
                new MetricSpec(MetricSpec.TRAINING_ACCURACY, 1)),
            AggregationPlan.RetryLimits.DEFAULT,
            AggregationPlan.defaultAuditChunks(shape.suite(), cohort),
            deadlines);
    ModelDescription description = description(shape);
    FloatVector model = randomModel(description.layout().parameterCount());
    JobManifest manifest =
        new JobManifest(
            new JobId(shape.id()),
            "A test",
            new Consortium(members, coordinator.key().fingerprint()),
            aggregation,
            training(description, ModelHash.of(model.segment()), shape.rounds()));
    return new TestJob(manifest, List.copyOf(sites), coordinator, model);
  }

  /** What a dishonest site may think that it is in: more sites collude, so t is higher. */
  public JobManifest withHigherThreshold() {
    CohortRules cohort = manifest.aggregation().cohort();
    CohortRules higher =
        new CohortRules(
            cohort.memberCount(),
            CohortRules.defaultColludingSites(cohort.memberCount()),
            cohort.quorum(),
            cohort.minimumSites());
    if (higher.threshold() == cohort.threshold()) {
      throw new IllegalStateException("no higher threshold for " + cohort);
    }
    return with(higher, manifest.aggregation().retries());
  }

  /** The same job with as many releases on one model. */
  public TestJob withReleasesPerModel(int count) {
    AggregationPlan.RetryLimits retries = manifest.aggregation().retries();
    return new TestJob(
        with(
            manifest.aggregation().cohort(),
            new AggregationPlan.RetryLimits(retries.maxAttemptsPerRound(), count)),
        sites,
        coordinator,
        model);
  }

  /** The same job, which selects its best model. */
  public TestJob selecting(ModelSelection selection) {
    TrainingPlan plan = manifest.training();
    TrainingPlan selecting =
        new TrainingPlan(
            plan.model(),
            plan.data(),
            plan.local(),
            plan.server(),
            plan.rounds(),
            Optional.of(selection),
            plan.initialModelHash());
    return new TestJob(
        new JobManifest(
            manifest.job(),
            manifest.title(),
            manifest.consortium(),
            manifest.aggregation(),
            selecting),
        sites,
        coordinator,
        model);
  }

  private JobManifest with(CohortRules cohort, AggregationPlan.RetryLimits retries) {
    AggregationPlan plan = manifest.aggregation();
    return new JobManifest(
        manifest.job(),
        manifest.title(),
        manifest.consortium(),
        new AggregationPlan(
            plan.suite(),
            cohort,
            plan.encoding(),
            plan.metrics(),
            retries,
            plan.auditChunks(),
            plan.deadlines()),
        manifest.training());
  }

  /** The bytes that are submitted. */
  public Bytes exactBytes() {
    return ManifestCodec.encode(manifest);
  }

  public Hash planHash() {
    return Contexts.planHash(exactBytes());
  }

  private static ModelDescription description(Shape shape) {
    List<LayerSpec> layers = new ArrayList<>();
    if (shape.hiddenUnits() > 0) {
      layers.add(new LayerSpec.Dense(shape.hiddenUnits(), Activation.RELU));
    }
    layers.add(new LayerSpec.SoftmaxOutput(2));
    return new ModelDescription(List.of(FEATURES), layers);
  }

  private static TrainingPlan training(ModelDescription model, Hash initial, long rounds) {
    List<DataContract.Feature> features = new ArrayList<>();
    for (int i = 0; i < FEATURES; i++) {
      features.add(new DataContract.Feature("f" + i, 0, 1));
    }
    return new TrainingPlan(
        model,
        new DataContract("table", features, "label", List.of("no", "yes"), 1),
        new LocalTraining(1, 32, new LocalOptimizer.Sgd(0.1, 0), 7),
        new ServerUpdate.FedAvg(1),
        rounds,
        Optional.empty(),
        initial);
  }

  private static FloatVector randomModel(long parameters) {
    Random random = new Random(11);
    FloatVector model = FloatVector.allocate(parameters);
    for (long i = 0; i < parameters; i++) {
      model.set(i, (float) random.nextGaussian());
    }
    return model;
  }
}
