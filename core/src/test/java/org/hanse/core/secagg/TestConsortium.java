package org.hanse.core.secagg;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.hanse.core.crypto.LabelledHash;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.crypto.SigningKey;
import org.hanse.core.plan.Activation;
import org.hanse.core.plan.AggregationPlan;
import org.hanse.core.plan.AttemptId;
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
import org.hanse.core.plan.RoundId;
import org.hanse.core.plan.ServerUpdate;
import org.hanse.core.plan.SiteId;
import org.hanse.core.plan.StepDeadlines;
import org.hanse.core.plan.Suite;
import org.hanse.core.plan.TrainingPlan;

/**
 * A job with its members' and its coordinator's keys, all made from fixed seeds.
 *
 * @param sites signing keys, ascending by fingerprint
 */
public record TestConsortium(JobManifest manifest, List<SigningKey> sites, SigningKey coordinator) {
  public static final Hash PLAN_HASH = Contexts.planHash(Bytes.of((byte) 1, (byte) 2, (byte) 3));
  public static final JobId JOB = new JobId("job-0001");
  public static final Hash MODEL = hash("model");

  /**
   * What a consortium is like.
   *
   * @param features inputs of the model; it has 2 * features + 2 parameters unless there are hidden
   *     units
   */
  public record Shape(int members, int colluding, Suite suite, int features, int hiddenUnits) {
    public static Shape of(int members, int colluding) {
      return new Shape(members, colluding, Suite.FLSA1, 3, 0);
    }

    public Shape suite(Suite other) {
      return new Shape(members, colluding, other, features, hiddenUnits);
    }

    /** More than one chunk: 700 * 400 + 400 + 400 * 2 + 2 = 281,202 parameters. */
    public Shape large() {
      return new Shape(members, colluding, suite, 700, 400);
    }

    public Shape features(int count) {
      return new Shape(members, colluding, suite, count, hiddenUnits);
    }
  }

  public static TestConsortium of(int members, int colluding) {
    return of(Shape.of(members, colluding));
  }

  public static TestConsortium of(Shape shape) {
    List<SigningKey> sites = new ArrayList<>();
    for (int i = 0; i < shape.members(); i++) {
      sites.add(signingKey("site-" + i));
    }
    sites.sort(Comparator.comparing(SigningKey::fingerprint));
    SigningKey coordinator = signingKey("coordinator");
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < sites.size(); i++) {
      members.add(new Member(sites.get(i).fingerprint(), new SiteId("site-" + i), "Hospital " + i));
    }
    CohortRules cohort = new CohortRules(shape.members(), shape.colluding(), 0.6, 2);
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
            "A test",
            new Consortium(members, coordinator.fingerprint()),
            aggregation,
            training(shape)),
        List.copyOf(sites),
        coordinator);
  }

  private static int maxWeight(Shape shape) {
    return Math.min(4096, EncodingRules.maxWeight(shape.suite().ring(), shape.members()));
  }

  private static TrainingPlan training(Shape shape) {
    List<DataContract.Feature> features = new ArrayList<>();
    for (int i = 0; i < shape.features(); i++) {
      features.add(new DataContract.Feature("f" + i, 0, 1));
    }
    List<LayerSpec> layers = new ArrayList<>();
    if (shape.hiddenUnits() > 0) {
      layers.add(new LayerSpec.Dense(shape.hiddenUnits(), Activation.RELU));
    }
    layers.add(new LayerSpec.SoftmaxOutput(2));
    return new TrainingPlan(
        new ModelDescription(List.of(shape.features()), layers),
        new DataContract("table", features, "label", List.of("no", "yes"), 1),
        new LocalTraining(1, 32, new LocalOptimizer.Sgd(0.1, 0), 7),
        new ServerUpdate.FedAvg(1),
        20,
        Optional.empty(),
        MODEL);
  }

  public JobTerms terms() {
    return new JobTerms(manifest, PLAN_HASH);
  }

  public List<RosterEntry> roster() {
    return sites.stream().map(key -> new RosterEntry(key.fingerprint(), key.publicKey())).toList();
  }

  public static AttemptId attempt(long round, int attempt) {
    return new AttemptId(new RoundId(JOB, round), attempt);
  }

  public static Hash hash(String text) {
    return LabelledHash.sha256(text.getBytes(StandardCharsets.UTF_8));
  }

  public static SecretBytes secret(String text) {
    return SecretBytes.copyOf(hash(text).bytes().toByteArray());
  }

  public static SigningKey signingKey(String name) {
    return SigningKey.fromSeed(secret("signing key of " + name));
  }

  /** 32 bytes, the same for the same numbers. */
  public static SecretBytes entropy(long seed, int site, AttemptId attempt) {
    byte[] numbers =
        ByteBuffer.allocate(28)
            .putLong(seed)
            .putInt(site)
            .putLong(attempt.round().round())
            .putLong(attempt.attempt())
            .array();
    return SecretBytes.copyOf(LabelledHash.sha256(numbers).bytes().toByteArray());
  }
}
