package org.hanse.simulation.adversary;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.hanse.client.policy.PlannedJob;
import org.hanse.core.crypto.LabelledHash;
import org.hanse.core.crypto.ModelHash;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.crypto.SigningKey;
import org.hanse.core.plan.Activation;
import org.hanse.core.plan.AggregationPlan;
import org.hanse.core.plan.AttemptId;
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
import org.hanse.core.plan.Ring;
import org.hanse.core.plan.RoundId;
import org.hanse.core.plan.ServerUpdate;
import org.hanse.core.plan.SiteId;
import org.hanse.core.plan.StepDeadlines;
import org.hanse.core.plan.Suite;
import org.hanse.core.plan.TrainingPlan;
import org.hanse.core.secagg.Contexts;
import org.hanse.core.secagg.RosterEntry;
import org.hanse.core.vector.FloatVector;
import org.hanse.wire.ManifestCodec;

/**
 * A job and the keys of all who take part, made from fixed seeds. The model starts from zeros.
 *
 * @param sites signing keys, ascending by fingerprint
 */
record TestConsortium(JobManifest manifest, List<SigningKey> sites, SigningKey coordinator) {
  static final JobId JOB = new JobId("job-0001");

  /**
   * What a consortium is like.
   *
   * @param features inputs of the model, which has 2 * features + 2 parameters without hidden units
   */
  record Shape(
      int members, int colluding, double quorum, int features, int hiddenUnits, Suite suite) {
    Shape(int members, int colluding) {
      this(members, colluding, 0.6, 3, 0, Suite.FLSA1);
    }

    Shape features(int count) {
      return new Shape(members, colluding, quorum, count, hiddenUnits, suite);
    }

    Shape quorum(double share) {
      return new Shape(members, colluding, share, features, hiddenUnits, suite);
    }

    /** More than one chunk: 700 * 400 + 400 + 400 * 2 + 2 = 281,202 parameters. */
    Shape large() {
      return new Shape(members, colluding, quorum, 700, 400, suite);
    }

    Shape suite(Suite other) {
      return new Shape(members, colluding, quorum, features, hiddenUnits, other);
    }
  }

  /** N members of whom c may collude. */
  static TestConsortium of(int members, int colluding) {
    return of(new Shape(members, colluding));
  }

  static TestConsortium of(Shape shape) {
    List<SigningKey> sites =
        IntStream.range(0, shape.members())
            .mapToObj(number -> signingKey("site-" + number))
            .sorted(Comparator.comparing(SigningKey::fingerprint))
            .toList();
    List<Member> members = new ArrayList<>();
    for (SigningKey site : sites) {
      int number = members.size();
      members.add(new Member(site.fingerprint(), siteId(number), "Hospital " + number));
    }
    SigningKey coordinator = signingKey("coordinator");
    CohortRules cohort = new CohortRules(shape.members(), shape.colluding(), shape.quorum(), 2);
    AggregationPlan aggregation =
        new AggregationPlan(
            shape.suite(),
            cohort,
            new EncodingRules(10, 1, maxWeight(shape), 1),
            List.of(
                new MetricSpec(MetricSpec.TRAINING_LOSS, 100),
                new MetricSpec(MetricSpec.TRAINING_ACCURACY, 1)),
            AggregationPlan.RetryLimits.DEFAULT,
            AggregationPlan.defaultAuditChunks(shape.suite(), cohort),
            StepDeadlines.DEFAULT);
    return new TestConsortium(
        new JobManifest(
            JOB,
            "An adversary's target",
            new Consortium(members, coordinator.fingerprint()),
            aggregation,
            training(shape)),
        sites,
        coordinator);
  }

  private static int maxWeight(Shape shape) {
    return Math.min(4096, EncodingRules.maxWeight(shape.suite().ring(), shape.members()));
  }

  private static TrainingPlan training(Shape shape) {
    List<LayerSpec> layers = new ArrayList<>();
    if (shape.hiddenUnits() > 0) {
      layers.add(new LayerSpec.Dense(shape.hiddenUnits(), Activation.RELU));
    }
    layers.add(new LayerSpec.SoftmaxOutput(2));
    ModelDescription model = new ModelDescription(List.of(shape.features()), layers);
    return new TrainingPlan(
        model,
        new DataContract(
            "table",
            IntStream.range(0, shape.features())
                .mapToObj(number -> new DataContract.Feature("f" + number, 0, 1))
                .toList(),
            "label",
            List.of("no", "yes"),
            1),
        new LocalTraining(1, 32, new LocalOptimizer.Sgd(0.1, 0), 7),
        new ServerUpdate.FedAvg(1),
        20,
        Optional.empty(),
        hashOf(FloatVector.allocate(model.layout().parameterCount())));
  }

  /** The same members under other rules of aggregation. */
  TestConsortium under(AggregationPlan other) {
    return new TestConsortium(
        new JobManifest(
            manifest.job(), manifest.title(), manifest.consortium(), other, manifest.training()),
        sites,
        coordinator);
  }

  Hash planHash() {
    return Contexts.planHash(ManifestCodec.encode(manifest));
  }

  PlannedJob planned() {
    return new PlannedJob(manifest, planHash());
  }

  CohortRules cohort() {
    return manifest.aggregation().cohort();
  }

  Ring ring() {
    return manifest.aggregation().suite().ring();
  }

  int threshold() {
    return cohort().threshold();
  }

  /** Hash of the model that round 1 starts from. */
  Hash initialModel() {
    return manifest.training().initialModelHash();
  }

  FloatVector initialParameters() {
    return FloatVector.allocate(manifest.layout().parameterCount());
  }

  /** The roster of these sites; of all if none is named. */
  List<RosterEntry> roster(int... numbers) {
    return IntStream.range(0, sites.size())
        .filter(number -> numbers.length == 0 || IntStream.of(numbers).anyMatch(n -> n == number))
        .mapToObj(number -> sites.get(number))
        .map(key -> new RosterEntry(key.fingerprint(), key.publicKey()))
        .toList();
  }

  static SiteId siteId(int number) {
    return new SiteId("site-" + number);
  }

  static RoundId round(long round) {
    return new RoundId(JOB, round);
  }

  static AttemptId attempt(long round, int attempt) {
    return new AttemptId(round(round), attempt);
  }

  static Hash hashOf(FloatVector model) {
    return ModelHash.of(model.segment());
  }

  static Hash hash(String text) {
    return LabelledHash.sha256(text.getBytes(StandardCharsets.UTF_8));
  }

  static SecretBytes secret(String text) {
    return SecretBytes.copyOf(hash(text).bytes().toByteArray());
  }

  static SigningKey signingKey(String name) {
    return SigningKey.fromSeed(secret("signing key of " + name));
  }

  /** 32 bytes, the same for the same numbers. */
  static byte[] entropy(long seed, int site, AttemptId attempt) {
    byte[] numbers =
        ByteBuffer.allocate(28)
            .putLong(seed)
            .putInt(site)
            .putLong(attempt.round().round())
            .putLong(attempt.attempt())
            .array();
    return LabelledHash.sha256(numbers).bytes().toByteArray();
  }
}
