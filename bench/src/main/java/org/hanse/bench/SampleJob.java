package org.hanse.bench;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.hanse.core.crypto.LabelledHash;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.crypto.SigningKey;
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
import org.hanse.core.plan.ModelDescription;
import org.hanse.core.plan.ServerUpdate;
import org.hanse.core.plan.SiteId;
import org.hanse.core.plan.StepDeadlines;
import org.hanse.core.plan.Suite;
import org.hanse.core.plan.TrainingPlan;
import org.hanse.core.secagg.Contexts;

/**
 * A job under FLSA1 with everybody's keys, made from fixed seeds: to measure with, never to use.
 *
 * @param sites signing keys, ascending by fingerprint
 */
record SampleJob(JobManifest manifest, List<SigningKey> sites, SigningKey coordinator) {
  static final Hash PLAN_HASH = Contexts.planHash(Bytes.of((byte) 1));
  static final Hash MODEL = hash("model");

  private static final int MAX_FEATURES = 1 << 14;

  SampleJob {
    sites = List.copyOf(sites);
  }

  /**
   * A job whose model has {@code parameters} parameters or a few more: one hidden layer, as wide as
   * it takes.
   */
  static SampleJob of(int members, long parameters, Suite suite) {
    List<SigningKey> sites =
        IntStream.range(0, members)
            .mapToObj(i -> signingKey("site " + i))
            .sorted(Comparator.comparing(SigningKey::fingerprint))
            .toList();
    List<Member> named = new ArrayList<>();
    for (SigningKey site : sites) {
      int number = named.size();
      named.add(new Member(site.fingerprint(), new SiteId("site-" + number), "Site " + number));
    }
    SigningKey coordinator = signingKey("coordinator");
    return new SampleJob(
        new JobManifest(
            new JobId("bench"),
            "A benchmark",
            new Consortium(named, coordinator.fingerprint()),
            aggregation(members, suite),
            training(parameters)),
        sites,
        coordinator);
  }

  long parameterCount() {
    return manifest.layout().parameterCount();
  }

  private static AggregationPlan aggregation(int members, Suite suite) {
    int colluding = CohortRules.defaultColludingSites(members);
    return new AggregationPlan(
        suite,
        new CohortRules(members, colluding, 0.6, 2),
        new EncodingRules(10, 1, Math.min(4096, EncodingRules.maxWeight(suite.ring(), members)), 1),
        List.of(),
        AggregationPlan.RetryLimits.DEFAULT,
        /* auditChunks= */ 0,
        StepDeadlines.DEFAULT);
  }

  /** units * (features + 1) + 2 * units + 2 parameters. */
  private static TrainingPlan training(long parameters) {
    int units = 1;
    while (units * (MAX_FEATURES + 3L) + 2 < parameters) {
      units *= 2;
    }
    int features = Math.toIntExact(Math.max(1, Math.ceilDiv(parameters - 2, (long) units) - 3));
    List<DataContract.Feature> columns =
        IntStream.range(0, features)
            .mapToObj(i -> new DataContract.Feature("f" + i, 0, 1))
            .toList();
    return new TrainingPlan(
        new ModelDescription(
            List.of(features),
            List.of(new LayerSpec.Dense(units, Activation.RELU), new LayerSpec.SoftmaxOutput(2))),
        new DataContract("table", columns, "label", List.of("no", "yes"), 1),
        new LocalTraining(1, 32, new LocalOptimizer.Sgd(0.1, 0), 7),
        new ServerUpdate.FedAvg(1),
        1,
        Optional.empty(),
        MODEL);
  }

  static Hash hash(String text) {
    return LabelledHash.sha256(text.getBytes(StandardCharsets.UTF_8));
  }

  static SecretBytes secret(String text) {
    return SecretBytes.copyOf(hash(text).bytes().toByteArray());
  }

  private static SigningKey signingKey(String name) {
    return SigningKey.fromSeed(secret("signing key of " + name));
  }
}
