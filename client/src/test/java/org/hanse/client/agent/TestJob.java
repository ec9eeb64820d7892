package org.hanse.client.agent;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.hanse.client.policy.PlannedJob;
import org.hanse.client.update.NextModel;
import org.hanse.core.crypto.LabelledHash;
import org.hanse.core.crypto.ModelHash;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.crypto.SigningKey;
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
import org.hanse.core.plan.RoundId;
import org.hanse.core.plan.ServerUpdate;
import org.hanse.core.plan.SiteId;
import org.hanse.core.plan.StepDeadlines;
import org.hanse.core.plan.Suite;
import org.hanse.core.plan.TrainingPlan;
import org.hanse.core.secagg.Contexts;
import org.hanse.core.vector.FloatVector;
import org.hanse.core.vector.IntChunks;
import org.hanse.wire.ManifestCodec;

/** A small job of five sites, all keys from fixed seeds; the agent under test is site-0. */
public final class TestJob {
  public static final int SITES = 5;
  public static final JobId ID = new JobId("job-1");
  public static final String CONTRACT = "table";
  private static final int FEATURES = 3;

  private final Options options;
  private final JobId id;
  private final List<SigningKey> keys = new ArrayList<>();
  private final SigningKey coordinator = key("coordinator");

  /** What tests vary. */
  public record Options(
      int rounds, Suite suite, double clipNormL2, long trainSeconds, long stepSeconds) {
    public static final Options DEFAULT = new Options(3, Suite.FLSA1, 10, 60, 60);

    public Options rounds(int other) {
      return new Options(other, suite, clipNormL2, trainSeconds, stepSeconds);
    }

    public Options suite(Suite other) {
      return new Options(rounds, other, clipNormL2, trainSeconds, stepSeconds);
    }

    public Options clipNorm(double other) {
      return new Options(rounds, suite, other, trainSeconds, stepSeconds);
    }

    public Options trainSeconds(long other) {
      return new Options(rounds, suite, clipNormL2, other, stepSeconds);
    }
  }

  public TestJob(Options options) {
    this(options, ID);
  }

  /** Another job of the same sites. */
  public TestJob(Options options, JobId id) {
    this.options = options;
    this.id = id;
    for (int i = 0; i < SITES; i++) {
      keys.add(key("site-" + i));
    }
  }

  public static TestJob ofDefaults() {
    return new TestJob(Options.DEFAULT);
  }

  public SigningKey key(int site) {
    return keys.get(site);
  }

  public SigningKey coordinatorKey() {
    return coordinator;
  }

  public static SiteId site(int number) {
    return new SiteId("site-" + number);
  }

  public static SecretBytes siteSecret(int number) {
    return secret("secret of site-" + number);
  }

  public JobManifest manifest() {
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < SITES; i++) {
      members.add(new Member(keys.get(i).fingerprint(), site(i), "Hospital " + i));
    }
    long step = options.stepSeconds();
    CohortRules cohort = new CohortRules(SITES, 1, 0.6, 2);
    AggregationPlan aggregation =
        new AggregationPlan(
            options.suite(),
            cohort,
            new EncodingRules(options.clipNormL2(), 1, 1024, 1),
            List.of(
                new MetricSpec(MetricSpec.TRAINING_LOSS, 100),
                new MetricSpec(MetricSpec.TRAINING_ACCURACY, 1)),
            AggregationPlan.RetryLimits.DEFAULT,
            AggregationPlan.defaultAuditChunks(options.suite(), cohort),
            new StepDeadlines(60, options.trainSeconds(), step, step, step, step, step, step));
    return new JobManifest(
        id, "A test", new Consortium(members, coordinator.fingerprint()), aggregation, training());
  }

  private TrainingPlan training() {
    List<DataContract.Feature> features = new ArrayList<>();
    for (int i = 0; i < FEATURES; i++) {
      features.add(new DataContract.Feature("f" + i, 0, 1));
    }
    return new TrainingPlan(
        new ModelDescription(List.of(FEATURES), List.of(new LayerSpec.SoftmaxOutput(2))),
        new DataContract(CONTRACT, features, "label", List.of("no", "yes"), 1),
        new LocalTraining(1, 32, new LocalOptimizer.Sgd(0.1, 0), 7),
        new ServerUpdate.FedAvg(1),
        options.rounds(),
        Optional.empty(),
        ModelHash.of(initialModel().segment()));
  }

  public FloatVector initialModel() {
    return FloatVector.of(0.1f, -0.2f, 0.3f, -0.4f, 0.5f, -0.6f, 0, 0.25f);
  }

  /** The model that a checked sum of this round leads to. */
  public static FloatVector nextModel(
      PlannedJob job, RoundId round, FloatVector model, IntChunks sum) {
    Hash encodingContext = job.encodingContext(round, ModelHash.of(model.segment()));
    FloatVector next = FloatVector.allocate(model.size());
    long[] written = {0};
    boolean finite =
        NextModel.<RuntimeException>compute(
            job.manifest(),
            encodingContext,
            model,
            sum,
            piece -> {
              next.write(written[0], piece.toArray(), (int) piece.size());
              written[0] += piece.size();
            });
    if (!finite) {
      throw new IllegalArgumentException("the sum gives no model");
    }
    return next;
  }

  public Bytes manifestBytes() {
    return ManifestCodec.encode(manifest());
  }

  public Hash planHash() {
    return Contexts.planHash(manifestBytes());
  }

  public PlannedJob planned() {
    return new PlannedJob(manifest(), planHash());
  }

  public static SecretBytes secret(String text) {
    return SecretBytes.copyOf(
        LabelledHash.sha256(text.getBytes(StandardCharsets.UTF_8)).bytes().toByteArray());
  }

  private static SigningKey key(String name) {
    return SigningKey.fromSeed(secret("signing key of " + name));
  }
}
