package org.hanse.client.update;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.hanse.client.agent.TestJob;
import org.hanse.core.encode.EncodedUpdate;
import org.hanse.core.encode.EncodingResult;
import org.hanse.core.encode.LocalUpdate;
import org.hanse.core.encode.UpdateEncoding;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobManifest;
import org.hanse.core.plan.MetricSpec;
import org.hanse.core.plan.RoundId;
import org.hanse.core.vector.Chunking;
import org.hanse.core.vector.FloatVector;
import org.hanse.core.vector.IntChunks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SiteUpdateTest {
  private static final TestJob JOB = TestJob.ofDefaults();
  private static final JobManifest MANIFEST = JOB.manifest();
  private static final RoundId ROUND = new RoundId(TestJob.ID, 2);
  private static final Hash MODEL = MANIFEST.training().initialModelHash();
  private static final Map<String, Double> METRICS =
      Map.of(MetricSpec.TRAINING_ACCURACY, 0.5, MetricSpec.TRAINING_LOSS, 1.25, "extra", 9.0);

  private static FloatVector shifted(float by) {
    FloatVector model = JOB.initialModel();
    FloatVector after = FloatVector.allocate(model.size());
    for (long i = 0; i < model.size(); i++) {
      after.set(i, model.get(i) + by * (i + 1));
    }
    return after;
  }

  @Test
  void of_modelsAndMetrics_givesTheDifferenceInManifestOrder() {
    LocalUpdate update =
        SiteUpdate.of(MANIFEST, JOB.initialModel(), shifted(0.125f), 17, METRICS).orElseThrow();
    assertThat(update.exampleCount()).isEqualTo(17);
    assertThat(update.metrics()).containsExactly(1.25, 0.5);
    for (int i = 0; i < 8; i++) {
      assertThat(update.delta().get(i)).isCloseTo(0.125f * (i + 1), within(1e-6f));
    }
    assertThat(update).hasToString("update of 8 parameters");
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
  void of_metricNotFinite_isNoUpdate(double loss) {
    Map<String, Double> metrics =
        Map.of(MetricSpec.TRAINING_ACCURACY, 0.5, MetricSpec.TRAINING_LOSS, loss);
    assertThat(SiteUpdate.of(MANIFEST, JOB.initialModel(), shifted(1), 1, metrics)).isEmpty();
  }

  @Test
  void of_metricMissing_isNoUpdate() {
    Map<String, Double> metrics = Map.of(MetricSpec.TRAINING_LOSS, 1.0);
    assertThat(SiteUpdate.of(MANIFEST, JOB.initialModel(), shifted(1), 1, metrics)).isEmpty();
  }

  @Test
  void of_modelOfAnotherSize_isOurBug() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> SiteUpdate.of(MANIFEST, JOB.initialModel(), FloatVector.allocate(7), 1, METRICS));
  }

  private static EncodedUpdate encode(
      RoundId round, Hash model, String secret, LocalUpdate update) {
    EncodingResult result =
        new RoundEncoder(JOB.planned(), JOB.key(0).fingerprint(), TestJob.secret(secret))
            .encode(round, model, update);
    return ((EncodingResult.Encoded) result).update();
  }

  private static LocalUpdate update(float by) {
    return SiteUpdate.of(MANIFEST, JOB.initialModel(), shifted(by), 64, METRICS).orElseThrow();
  }

  @Test
  void encode_sameRound_isTheSameVector() {
    LocalUpdate update = update(0.01f);
    int[] first = encode(ROUND, MODEL, "secret", update).read(0);
    assertThat(encode(ROUND, MODEL, "secret", update).read(0)).isEqualTo(first);
  }

  @Test
  void encode_anotherRoundModelOrSecret_roundsOtherwise() {
    LocalUpdate update = update(0.0123457f);
    int[] first = encode(ROUND, MODEL, "secret", update).read(0);
    assertThat(encode(ROUND.next(), MODEL, "secret", update).read(0)).isNotEqualTo(first);
    assertThat(encode(ROUND, JOB.planHash(), "secret", update).read(0)).isNotEqualTo(first);
    assertThat(encode(ROUND, MODEL, "other", update).read(0)).isNotEqualTo(first);
  }

  @Test
  void compute_sumOfOneUpdate_givesTheTrainedModelAgain() {
    FloatVector trained = shifted(0.01f);
    EncodedUpdate encoded = encode(ROUND, MODEL, "secret", update(0.01f));
    FloatVector next = TestJob.nextModel(JOB.planned(), ROUND, JOB.initialModel(), encoded);
    for (long i = 0; i < next.size(); i++) {
      assertThat(next.get(i)).isCloseTo(trained.get(i), within(1e-6f));
    }
  }

  @Test
  void compute_aNextValueIsNotFinite_givesNoModel() {
    EncodedUpdate encoded = encode(ROUND, MODEL, "secret", update(0.01f));
    FloatVector base = FloatVector.of(JOB.initialModel().toArray());
    base.set(base.size() - 1, Float.POSITIVE_INFINITY);

    Hash context = JOB.planned().encodingContext(ROUND, MODEL);
    assertThat(NextModel.<RuntimeException>compute(MANIFEST, context, base, encoded, piece -> {}))
        .isFalse();
  }

  @Test
  void compute_sumOfTwo_isTheirWeightedMean() {
    int[] first = encode(ROUND, MODEL, "a", update(0.02f)).read(0);
    int[] second = encode(ROUND, MODEL, "b", update(0.04f)).read(0);
    int[] sum = new int[first.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = first[i] + second[i];
    }
    Chunking chunking = UpdateEncoding.of(MANIFEST).chunking();
    IntChunks chunks =
        new IntChunks() {
          @Override
          public Chunking chunking() {
            return chunking;
          }

          @Override
          public int[] read(long chunk) {
            return sum.clone();
          }
        };
    FloatVector next = TestJob.nextModel(JOB.planned(), ROUND, JOB.initialModel(), chunks);
    for (long i = 0; i < next.size(); i++) {
      assertThat(next.get(i)).isCloseTo(shifted(0.03f).get(i), within(1e-6f));
    }
  }

  /** SHA-256 over the length-prefixed fields, computed with another implementation. */
  @Test
  void trainingSeed_knownFields_isTheKnownNumber() {
    assertThat(TrainingSeed.of(7, TestJob.site(1), ROUND)).isEqualTo(476763093895586831L);
  }

  @Test
  void trainingSeed_anyFieldChanged_isAnother() {
    assertThat(
            List.of(
                TrainingSeed.of(7, TestJob.site(1), ROUND),
                TrainingSeed.of(8, TestJob.site(1), ROUND),
                TrainingSeed.of(7, TestJob.site(2), ROUND),
                TrainingSeed.of(7, TestJob.site(1), ROUND.next())))
        .doesNotHaveDuplicates();
  }
}
