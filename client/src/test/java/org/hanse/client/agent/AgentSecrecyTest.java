package org.hanse.client.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.hanse.client.policy.SitePolicy;
import org.hanse.client.update.RoundEncoder;
import org.hanse.client.update.SiteUpdate;
import org.hanse.core.encode.EncodedUpdate;
import org.hanse.core.encode.EncodingResult;
import org.hanse.core.encode.LocalUpdate;
import org.hanse.core.plan.MetricSpec;
import org.hanse.core.plan.RoundId;
import org.hanse.core.plan.Suite;
import org.hanse.core.vector.FloatVector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything a site sends in a job, searched for what must never leave it. */
class AgentSecrecyTest {
  /** Distinctive, and no more than the largest weight, so that the weight is the count. */
  private static final int EXAMPLES = 789;

  private static final double LOSS = 0.731925;

  @TempDir private Path directory;

  /** What a round's training brought, in every form in which it could be sent. */
  private static Map<String, byte[]> secrets(AgentFixture fixture, FloatVector after) {
    FloatVector before = fixture.job.initialModel();
    Map<String, Double> metrics =
        Map.of(MetricSpec.TRAINING_LOSS, LOSS, MetricSpec.TRAINING_ACCURACY, 0.5);
    LocalUpdate update =
        SiteUpdate.of(fixture.job.manifest(), before, after, EXAMPLES, metrics).orElseThrow();
    EncodedUpdate encoded =
        ((EncodingResult.Encoded)
                new RoundEncoder(
                        fixture.job.planned(),
                        fixture.job.key(0).fingerprint(),
                        TestJob.siteSecret(0))
                    .encode(
                        new RoundId(TestJob.ID, 1),
                        fixture.job.manifest().training().initialModelHash(),
                        update))
            .update();
    Map<String, byte[]> secrets = new LinkedHashMap<>();
    putPairs("encoded elements", littleEndian(encoded.read(0)), secrets);
    putPairs("update", update.delta().segment().toArray(ValueLayout.JAVA_BYTE), secrets);
    putPairs("trained model", after.segment().toArray(ValueLayout.JAVA_BYTE), secrets);
    for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
      secrets.put("loss " + order, ByteBuffer.allocate(8).order(order).putDouble(LOSS).array());
      secrets.put("count " + order, ByteBuffer.allocate(4).order(order).putInt(EXAMPLES).array());
    }
    secrets.put("loss as text", Double.toString(LOSS).getBytes(StandardCharsets.US_ASCII));
    return secrets;
  }

  /** Two neighbours at a time: four bytes alone could turn up by chance. */
  private static void putPairs(String name, byte[] words, Map<String, byte[]> secrets) {
    for (int i = 0; i + 8 <= words.length; i += 4) {
      secrets.put(name + " from " + i / 4, Arrays.copyOfRange(words, i, i + 8));
    }
  }

  private static byte[] littleEndian(int[] elements) {
    ByteBuffer bytes =
        ByteBuffer.allocate(elements.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(elements);
    return bytes.array();
  }

  /** Names of the secrets that occur in what was sent. */
  private List<String> found(Suite suite) throws Exception {
    AgentFixture fixture =
        new AgentFixture(
            new TestJob(TestJob.Options.DEFAULT.rounds(1).suite(suite)), directory.resolve("s"));
    fixture.policy.set(
        new SitePolicy(4, 10, Set.of(), true, Set.of(), Set.of(fixture.job.planHash())));
    fixture.trainer.exampleCount = EXAMPLES;
    fixture.trainer.loss = LOSS;
    try {
      fixture.start();
      fixture.awaitJobEnd();
    } finally {
      fixture.stopAll();
    }
    assertThat(fixture.consortium.countedAgent).hasSize(1);
    String sent = fixture.consortium.wire.toString(StandardCharsets.ISO_8859_1);
    List<String> found = new ArrayList<>();
    secrets(fixture, fixture.trainer.results.getFirst())
        .forEach((name, bytes) -> {
          if (sent.contains(new String(bytes, StandardCharsets.ISO_8859_1))) {
            found.add(name);
          }
        });
    return found;
  }

  @Test
  void everythingSent_withSecureAggregation_holdsNothingOfTheTraining() throws Exception {
    assertThat(found(Suite.FLSA1)).isEmpty();
  }

  /** What the search is worth: without masks it finds each pair of elements, and the weight. */
  @Test
  void everythingSent_withoutMasks_holdsTheEncodedUpdateAndNothingElse() throws Exception {
    assertThat(found(Suite.PLAIN))
        .hasSize(11)
        .allMatch(name -> name.startsWith("encoded elements") || name.startsWith("count LITTLE"));
  }
}
