package org.hanse.client.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.CrashReportingUtil;
import org.hanse.core.plan.Activation;
import org.hanse.core.plan.LayerSpec;
import org.hanse.core.plan.LocalOptimizer;
import org.hanse.core.plan.LocalTraining;
import org.hanse.core.plan.MetricSpec;
import org.hanse.core.plan.ModelDescription;
import org.hanse.core.vector.FloatVector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class Dl4jTrainerTest {
  private static final LayerSpec OUTPUT = new LayerSpec.SoftmaxOutput(3);
  private static final ModelDescription CNN =
      new ModelDescription(
          List.of(6, 5, 2),
          List.of(
              conv(3, 3, 1, true, Activation.RELU),
              new LayerSpec.MaxPool2d(2, 2),
              new LayerSpec.Flatten(),
              new LayerSpec.Dropout(0.25),
              new LayerSpec.Dense(4, Activation.RELU),
              OUTPUT));
  private static final LocalOptimizer SGD = new LocalOptimizer.Sgd(0.1, 0);

  @TempDir Path directory;

  private final Dl4jTrainer trainer = new Dl4jTrainer(1);

  @AfterEach
  void close() {
    trainer.close();
  }

  static Stream<ModelDescription> models() {
    return Stream.of(
        model(List.of(4), OUTPUT),
        model(
            List.of(7),
            new LayerSpec.Dense(5, Activation.TANH),
            new LayerSpec.Dense(6, Activation.SIGMOID),
            new LayerSpec.Dense(2, Activation.IDENTITY),
            OUTPUT),
        model(List.of(3, 2, 2), new LayerSpec.Flatten(), OUTPUT),
        model(
            List.of(6, 5, 2),
            conv(3, 3, 1, true, Activation.RELU),
            new LayerSpec.Flatten(),
            OUTPUT),
        model(
            List.of(6, 5, 3),
            conv(4, 3, 1, false, Activation.TANH),
            conv(2, 2, 1, false, Activation.SIGMOID),
            new LayerSpec.Flatten(),
            new LayerSpec.Dense(5, Activation.RELU),
            OUTPUT),
        model(
            List.of(7, 8, 1),
            conv(2, 3, 2, true, Activation.IDENTITY),
            new LayerSpec.Flatten(),
            OUTPUT),
        model(
            List.of(7, 8, 2),
            conv(2, 2, 2, true, Activation.RELU),
            conv(3, 4, 1, true, Activation.RELU),
            new LayerSpec.Flatten(),
            OUTPUT),
        model(
            List.of(9, 8, 2),
            conv(3, 3, 2, false, Activation.RELU),
            new LayerSpec.Flatten(),
            OUTPUT),
        model(
            List.of(7, 5, 2),
            new LayerSpec.MaxPool2d(3, 2),
            conv(3, 2, 1, true, Activation.RELU),
            new LayerSpec.MaxPool2d(2, 1),
            new LayerSpec.Flatten(),
            OUTPUT),
        CNN);
  }

  @ParameterizedTest
  @MethodSource("models")
  void evaluate_anyLayers_equalsForwardPassByHand(ModelDescription model) throws IOException {
    RandomRecords records =
        RandomRecords.of(300, (int) model.inputElementCount(), model.classCount(), 11);
    FloatVector parameters = noisyParameters(model);
    ReferenceNetwork reference = new ReferenceNetwork(model, ReferenceNetwork.doubles(parameters));

    Evaluation evaluation = trainer.evaluate(model, parameters, open(records));

    assertThat(evaluation.loss())
        .isCloseTo(reference.loss(records.features(), records.labels()), within(2e-5));
    assertThat(evaluation.accuracy())
        .isCloseTo(reference.accuracy(records.features(), records.labels()), within(1 / 300.0));
    assertThat(evaluation.exampleCount()).isEqualTo(300);
  }

  @ParameterizedTest
  @MethodSource("models")
  void train_oneStepOfPlainGradientDescent_followsFiniteDifferences(ModelDescription full)
      throws IOException {
    ModelDescription model =
        new ModelDescription(
            full.inputShape(),
            full.layers().stream().filter(l -> !(l instanceof LayerSpec.Dropout)).toList());
    RandomRecords records =
        RandomRecords.of(12, (int) model.inputElementCount(), model.classCount(), 5);
    FloatVector start = noisyParameters(model);
    double learningRate = 0.5;
    LocalTraining local = new LocalTraining(1, 64, new LocalOptimizer.Sgd(learningRate, 0), 0);

    FloatVector after =
        trained(new TrainingTask(model, local, start, 3), open(records)).parameters();

    double[] parameters = ReferenceNetwork.doubles(start);
    double step = 1e-6;
    for (int i = 0; i < parameters.length; i++) {
      double kept = parameters[i];
      parameters[i] = kept + step;
      double above =
          new ReferenceNetwork(model, parameters).loss(records.features(), records.labels());
      parameters[i] = kept - step;
      double below =
          new ReferenceNetwork(model, parameters).loss(records.features(), records.labels());
      parameters[i] = kept;
      double gradient = (above - below) / (2 * step);
      assertThat((start.get(i) - after.get(i)) / learningRate)
          .as("gradient of parameter %d", i)
          .isCloseTo(gradient, within(2e-5));
    }
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void train_sameTask_sameBitsWhateverRanBefore(LocalOptimizer optimizer) throws IOException {
    RandomRecords records = RandomRecords.of(70, 60, 3, 8);
    TrainingTask task = task(new LocalTraining(3, 16, optimizer, 0), 42);
    float[] first = trained(task, open(records)).parameters().toArray();
    trained(task(new LocalTraining(2, 8, optimizer, 0), 43), open(records));

    float[] again = trained(task, open(records)).parameters().toArray();

    assertThat(again).isEqualTo(first);
    try (Dl4jTrainer fresh = new Dl4jTrainer(1)) {
      DatasetHandle dataset = opened(fresh, records);
      assertThat(fresh.train(task, dataset, TrainingProgress.NONE))
          .isInstanceOfSatisfying(
              TrainingOutcome.Trained.class,
              outcome -> assertThat(outcome.parameters().toArray()).isEqualTo(first));
    }
  }

  static Stream<LocalOptimizer> optimizers() {
    return Stream.of(SGD, new LocalOptimizer.Sgd(0.05, 0.9), new LocalOptimizer.Adam(0.01));
  }

  @Test
  void train_otherSeed_otherParameters() throws IOException {
    DatasetHandle dataset = open(RandomRecords.of(70, 60, 3, 8));
    LocalTraining local = new LocalTraining(1, 16, SGD, 0);

    float[] first = trained(task(local, 1), dataset).parameters().toArray();
    float[] second = trained(task(local, 2), dataset).parameters().toArray();

    assertThat(first).isNotEqualTo(second);
  }

  @Test
  void train_adamsFirstStep_movesEachParameterByTheLearningRate() throws IOException {
    // Kingma and Ba 2015: with bias correction the first step is the learning rate times the
    // gradient's sign. A step count kept from an earlier round would show.
    ModelDescription model = model(List.of(3), OUTPUT);
    DatasetHandle dataset = open(RandomRecords.of(20, 3, 3, 8));
    FloatVector start = noisyParameters(model);
    LocalTraining local = new LocalTraining(1, 64, new LocalOptimizer.Adam(0.01), 0);
    TrainingTask task = new TrainingTask(model, local, start, 1);
    trained(task, dataset);

    FloatVector after = trained(task, dataset).parameters();

    for (int i = 0; i < start.size(); i++) {
      assertThat(Math.abs(after.get(i) - start.get(i))).isCloseTo(0.01f, within(1e-5f));
    }
  }

  @Test
  void train_metrics_describeTheStartModel() throws IOException {
    DatasetHandle dataset = open(RandomRecords.of(90, 60, 3, 8));
    TrainingTask task = task(new LocalTraining(2, 16, SGD, 0), 1);

    TrainingOutcome.Trained outcome = trained(task, dataset);

    Evaluation start = trainer.evaluate(CNN, task.start(), dataset);
    assertThat(outcome.exampleCount()).isEqualTo(90);
    assertThat(outcome.metrics())
        .containsOnlyKeys(MetricSpec.TRAINING_LOSS, MetricSpec.TRAINING_ACCURACY)
        .containsEntry(MetricSpec.TRAINING_LOSS, start.loss())
        .containsEntry(MetricSpec.TRAINING_ACCURACY, start.accuracy());
  }

  @Test
  void train_start_isNotChanged() throws IOException {
    TrainingTask task = task(new LocalTraining(1, 16, SGD, 0), 1);
    float[] before = task.start().toArray();

    trained(task, open(RandomRecords.of(30, 60, 3, 8)));

    assertThat(task.start().toArray()).isEqualTo(before);
  }

  @Test
  void train_progress_toldAfterEachEpoch() throws IOException {
    List<String> told = new ArrayList<>();

    trainer.train(
        task(new LocalTraining(3, 16, SGD, 0), 1),
        open(RandomRecords.of(30, 60, 3, 8)),
        (completed, epochs) -> told.add(completed + "/" + epochs));

    assertThat(told).containsExactly("1/3", "2/3", "3/3");
  }

  @Test
  void train_startNotFinite_fails() throws IOException {
    TrainingTask task = task(new LocalTraining(1, 16, SGD, 0), 1);
    task.start().set(5, Float.NaN);

    TrainingOutcome outcome =
        trainer.train(task, open(RandomRecords.of(30, 60, 3, 8)), TrainingProgress.NONE);

    assertThat(outcome).isEqualTo(new TrainingOutcome.Failed(TrainingFailure.NOT_FINITE));
  }

  @Test
  void train_diverging_fails() throws IOException {
    ModelDescription model = model(List.of(3), new LayerSpec.Dense(4, Activation.IDENTITY), OUTPUT);
    LocalTraining local = new LocalTraining(40, 4, new LocalOptimizer.Sgd(1e30, 0.9), 0);

    TrainingOutcome outcome =
        trainer.train(
            new TrainingTask(model, local, noisyParameters(model), 1),
            open(RandomRecords.of(30, 3, 3, 8)),
            TrainingProgress.NONE);

    assertThat(outcome).isEqualTo(new TrainingOutcome.Failed(TrainingFailure.NOT_FINITE));
    assertThat(((TrainingOutcome.Failed) outcome).code()).isEqualTo("training-not-finite");
  }

  @Test
  void train_cancelledBetweenBatches_endsThereAndTheNextOneIsWhole() throws IOException {
    RandomRecords records = RandomRecords.of(64, 60, 3, 8);
    DatasetHandle dataset = open(records);
    TrainingTask task = task(new LocalTraining(50, 16, SGD, 0), 42);
    int[] asked = {0};
    TrainingProgress impatient =
        new TrainingProgress() {
          @Override
          public void epochCompleted(int completed, int epochs) {}

          @Override
          public boolean cancelled() {
            return ++asked[0] == 7; // the evaluation's one batch, an epoch's four, one more
          }
        };

    TrainingOutcome outcome = trainer.train(task, dataset, impatient);

    assertThat(outcome).isEqualTo(new TrainingOutcome.Failed(TrainingFailure.CANCELLED));
    assertThat(asked).containsExactly(7);
    TrainingTask shorter = task(new LocalTraining(1, 16, SGD, 0), 42);
    float[] after = trained(shorter, dataset).parameters().toArray();
    try (Dl4jTrainer fresh = new Dl4jTrainer(1)) {
      assertThat(fresh.train(shorter, opened(fresh, records), TrainingProgress.NONE))
          .isInstanceOfSatisfying(
              TrainingOutcome.Trained.class,
              whole -> assertThat(whole.parameters().toArray()).isEqualTo(after));
    }
  }

  @Test
  @SuppressWarnings("NullAway") // no optimizer: a failure of the engine while it builds
  void train_engineFailsToBuild_nextTrainingDoesNotMeetAClosedNetwork() throws IOException {
    DatasetHandle dataset = open(RandomRecords.of(30, 60, 3, 8));
    TrainingTask task = task(new LocalTraining(1, 16, SGD, 0), 1);
    float[] first = trained(task, dataset).parameters().toArray();

    TrainingOutcome failed =
        trainer.train(task(new LocalTraining(1, 16, null, 0), 1), dataset, TrainingProgress.NONE);

    assertThat(failed).isEqualTo(new TrainingOutcome.Failed(TrainingFailure.ENGINE));
    assertThat(trained(task, dataset).parameters().toArray()).isEqualTo(first);
  }

  @Test
  void train_engineBreaksInTheMiddle_nextTrainingStartsAfresh() throws IOException {
    DatasetHandle dataset = open(RandomRecords.of(30, 60, 3, 8));
    TrainingTask task = task(new LocalTraining(1, 16, SGD, 0), 1);
    float[] first = trained(task, dataset).parameters().toArray();

    TrainingOutcome failed =
        trainer.train(
            task,
            dataset,
            (completed, epochs) -> {
              throw new UnsatisfiedLinkError("no jnind4jcpu");
            });

    assertThat(failed).isEqualTo(new TrainingOutcome.Failed(TrainingFailure.ENGINE));
    assertThat(trained(task, dataset).parameters().toArray()).isEqualTo(first);
  }

  @Test
  void train_outOfMemory_engineWritesNoFileAboutTheModel() throws IOException {
    trainer.describe();
    CrashReportingUtil.crashDumpOutputDirectory(directory.toFile());
    MultiLayerNetwork network =
        new MultiLayerNetwork(NetworkConfiguration.of(model(List.of(3), OUTPUT), SGD));
    try {
      network.init();
      CrashReportingUtil.writeMemoryCrashDump(network, new OutOfMemoryError("simulated"));
    } finally {
      network.close();
      CrashReportingUtil.crashDumpOutputDirectory(null);
    }
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void train_parametersOfAnotherModel_refused() throws IOException {
    DatasetHandle dataset = open(RandomRecords.of(30, 60, 3, 8));
    TrainingTask task =
        new TrainingTask(CNN, new LocalTraining(1, 16, SGD, 0), FloatVector.allocate(7), 1);

    assertThatThrownBy(() -> trainer.train(task, dataset, TrainingProgress.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("7 parameters");
  }

  @Test
  void train_dataOfAnotherShape_refused() throws IOException {
    DatasetHandle dataset = open(RandomRecords.of(30, 59, 3, 8));

    assertThatThrownBy(() ->
            trainer.train(
                task(new LocalTraining(1, 16, SGD, 0), 1), dataset, TrainingProgress.NONE))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void closeDataset_thenTrain_refused() throws IOException {
    DatasetHandle dataset = open(RandomRecords.of(30, 60, 3, 8));
    trained(task(new LocalTraining(1, 16, SGD, 0), 1), dataset);

    trainer.closeDataset(dataset);
    trainer.closeDataset(dataset);

    assertThatThrownBy(() -> trainer.evaluate(CNN, trainer.initialParameters(CNN, 1), dataset))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no open data set");
  }

  @Test
  void openDataset_unknownKind_refused() throws IOException {
    RandomRecords records = RandomRecords.of(30, 60, 3, 8);
    DatasetFile file = new DatasetFile("parquet", records.write(directory).path());

    assertThat(trainer.openDataset(file, records.contract()))
        .isEqualTo(new DatasetOpening.Refused(List.of(DataProblem.KIND_UNSUPPORTED)));
  }

  @Test
  void describe_engine_namesVersionAndDevice() {
    TrainerDescription description = trainer.describe();

    assertThat(description.engine()).startsWith("DL4J 1.");
    assertThat(description.device()).isEqualTo("CPU");
    assertThat(description.threads()).isEqualTo(1);
  }

  private static LayerSpec conv(
      int channels, int kernel, int stride, boolean same, Activation activation) {
    return new LayerSpec.Conv2d(channels, kernel, stride, same, activation);
  }

  private static ModelDescription model(List<Integer> inputShape, LayerSpec... layers) {
    return new ModelDescription(inputShape, List.of(layers));
  }

  private TrainingTask task(LocalTraining local, long seed) {
    return new TrainingTask(CNN, local, noisyParameters(CNN), seed);
  }

  /** Biases are not zero, so that a bias in the wrong place shows. */
  private FloatVector noisyParameters(ModelDescription model) {
    FloatVector parameters = trainer.initialParameters(model, 17);
    SplitMix64 random = new SplitMix64(18);
    for (long i = 0; i < parameters.size(); i++) {
      parameters.set(i, parameters.get(i) + (float) (random.nextDouble() - 0.5) * 0.4f);
    }
    return parameters;
  }

  private DatasetHandle open(RandomRecords records) throws IOException {
    return opened(trainer, records);
  }

  private DatasetHandle opened(LocalTrainer opener, RandomRecords records) throws IOException {
    DatasetOpening opening = opener.openDataset(records.write(directory), records.contract());
    assertThat(opening).isInstanceOf(DatasetOpening.Opened.class);
    return ((DatasetOpening.Opened) opening).dataset();
  }

  private TrainingOutcome.Trained trained(TrainingTask task, DatasetHandle dataset) {
    TrainingOutcome outcome = trainer.train(task, dataset, TrainingProgress.NONE);
    assertThat(outcome).isInstanceOf(TrainingOutcome.Trained.class);
    return (TrainingOutcome.Trained) outcome;
  }
}
