package org.hanse.client.trainer;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.CrashReportingUtil;
import org.hanse.core.plan.DataContract;
import org.hanse.core.plan.LocalOptimizer;
import org.hanse.core.plan.MetricSpec;
import org.hanse.core.plan.ModelDescription;
import org.hanse.core.vector.FloatVector;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains with Deeplearning4j on the CPU. The native library starts with the first call that
 * computes, so opening data and making initial parameters stay quick. Not thread-safe: the engine
 * keeps random state per thread, so one thread calls {@link #train}.
 */
public final class Dl4jTrainer implements LocalTrainer {
  private static final Logger LOG = LoggerFactory.getLogger(Dl4jTrainer.class);

  /** Parameters lie in one direct buffer of at most 2^31 bytes. */
  private static final long MAX_PARAMETERS = (1L << 29) - 1;

  private static final String VERSION_RESOURCE =
      "/META-INF/maven/org.deeplearning4j/deeplearning4j-nn/pom.properties";

  /** What a network is built with when it only evaluates. */
  private static final LocalOptimizer NO_OPTIMIZER = new LocalOptimizer.Sgd(1, 0);

  private final int threads;
  private final Map<DatasetHandle, RecordTable> tables = new HashMap<>();
  private long nextHandle = 1;
  private boolean engineStarted;
  private @Nullable Dl4jNetwork network;
  private @Nullable BatchSource source;

  /**
   * Reads and computes nothing yet.
   *
   * @param threads CPU threads for the engine, at least 1; results depend on it
   */
  public Dl4jTrainer(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1, not " + threads);
    }
    this.threads = threads;
  }

  @Override
  public TrainerDescription describe() {
    startEngine();
    return new TrainerDescription(
        "DL4J " + version(),
        String.valueOf(Nd4j.getExecutioner().getEnvironmentInformation().get("backend")),
        threads);
  }

  @Override
  public FloatVector initialParameters(ModelDescription model, long seed) {
    return InitialParameters.of(model, seed);
  }

  @Override
  public DatasetOpening openDataset(DatasetFile file, DataContract contract) {
    if (!file.kind().equals(DatasetFile.CSV)) {
      return new DatasetOpening.Refused(List.of(DataProblem.KIND_UNSUPPORTED));
    }
    return switch (CsvDataset.read(file.path(), contract)) {
      case CsvDataset.Reading.Accepted accepted -> {
        DatasetHandle handle = new DatasetHandle(nextHandle++);
        tables.put(handle, accepted.table());
        yield new DatasetOpening.Opened(handle);
      }
      case CsvDataset.Reading.Rejected rejected -> new DatasetOpening.Refused(rejected.problems());
    };
  }

  @Override
  public void closeDataset(DatasetHandle dataset) {
    RecordTable table = tables.remove(dataset);
    if (source != null && source.table() == table) {
      dropSource();
    }
  }

  @Override
  public TrainingOutcome train(
      TrainingTask task, DatasetHandle dataset, TrainingProgress progress) {
    RecordTable table = check(task.model(), task.start(), dataset);
    try {
      return trainChecked(task, table, progress);
    } catch (CancellationException e) {
      return new TrainingOutcome.Failed(TrainingFailure.CANCELLED);
    } catch (OutOfMemoryError e) {
      LOG.error("out of memory while training", e);
      dropAll();
      return new TrainingOutcome.Failed(TrainingFailure.OUT_OF_MEMORY);
    } catch (RuntimeException | Error e) { // a native library that is missing is an Error
      LOG.error("the engine failed while training", e);
      dropAll();
      return new TrainingOutcome.Failed(TrainingFailure.ENGINE);
    }
  }

  @Override
  public Evaluation evaluate(
      ModelDescription model, FloatVector parameters, DatasetHandle dataset) {
    RecordTable table = check(model, parameters, dataset);
    Dl4jNetwork evaluated =
        network != null && network.model().equals(model) ? network : networkOf(model, NO_OPTIMIZER);
    evaluated.load(parameters);
    return evaluated.evaluate(inTableOrder(sourceOf(table, model)), () -> false);
  }

  @Override
  public void close() {
    tables.clear();
    dropAll();
  }

  /** What the engine holds is in an unknown state after a failure: the next round builds anew. */
  private void dropAll() {
    try {
      dropSource();
    } finally {
      dropNetwork();
    }
  }

  /** Forgets before it closes, so that nothing closed is ever used, whatever fails. */
  private void dropSource() {
    BatchSource known = source;
    source = null;
    if (known != null) {
      known.close();
    }
  }

  private void dropNetwork() {
    Dl4jNetwork known = network;
    network = null;
    if (known != null) {
      known.close();
    }
  }

  private TrainingOutcome trainChecked(
      TrainingTask task, RecordTable table, TrainingProgress progress) {
    Dl4jNetwork trained = networkOf(task.model(), task.local().optimizer());
    BatchSource batches = sourceOf(table, task.model());
    trained.load(task.start());
    Evaluation start = trained.evaluate(inTableOrder(batches), progress::cancelled);
    if (!Double.isFinite(start.loss())) {
      return new TrainingOutcome.Failed(TrainingFailure.NOT_FINITE);
    }
    Nd4j.getRandom().setSeed(task.trainingSeed()); // dropout
    SplitMix64 random = new SplitMix64(task.trainingSeed());
    int epochs = task.local().epochs();
    for (int epoch = 1; epoch <= epochs; epoch++) {
      batches.arrange(random.permutation(table.size()));
      trained.trainEpoch(batches, task.local().batchSize(), progress::cancelled);
      progress.epochCompleted(epoch, epochs);
    }
    FloatVector parameters = trained.parameters();
    if (!allFinite(parameters)) {
      return new TrainingOutcome.Failed(TrainingFailure.NOT_FINITE);
    }
    return new TrainingOutcome.Trained(
        parameters,
        table.size(),
        Map.of(
            MetricSpec.TRAINING_LOSS, start.loss(),
            MetricSpec.TRAINING_ACCURACY, start.accuracy()));
  }

  private RecordTable check(ModelDescription model, FloatVector parameters, DatasetHandle dataset) {
    RecordTable table = tables.get(dataset);
    if (table == null) {
      throw new IllegalArgumentException("no open data set " + dataset);
    }
    long count = model.layout().parameterCount();
    if (parameters.size() != count || count > MAX_PARAMETERS) {
      throw new IllegalArgumentException(
          parameters.size()
              + " parameters for a model of "
              + count
              + ", at most "
              + MAX_PARAMETERS);
    }
    if (table.featureCount() != model.inputElementCount()
        || table.classCount() != model.classCount()) {
      throw new IllegalArgumentException(
          "the data set has other features or classes than the model");
    }
    return table;
  }

  private Dl4jNetwork networkOf(ModelDescription model, LocalOptimizer optimizer) {
    startEngine();
    Dl4jNetwork known = network;
    if (known != null && known.model().equals(model) && known.optimizer().equals(optimizer)) {
      return known;
    }
    dropNetwork();
    Dl4jNetwork made = new Dl4jNetwork(model, optimizer);
    network = made;
    return made;
  }

  private BatchSource sourceOf(RecordTable table, ModelDescription model) {
    BatchSource known = source;
    if (known != null && known.holds(table, model.inputShape())) {
      return known;
    }
    dropSource();
    BatchSource made = new BatchSource(table, model.inputShape());
    source = made;
    return made;
  }

  private static BatchSource inTableOrder(BatchSource batches) {
    batches.arrange(IntStream.range(0, batches.table().size()).toArray());
    return batches;
  }

  private static boolean allFinite(FloatVector vector) {
    for (long i = 0; i < vector.size(); i++) {
      if (!Float.isFinite(vector.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** From what Maven left in DL4J's jar: its manifest names no version. */
  private static String version() {
    Properties properties = new Properties();
    try (InputStream stream = MultiLayerNetwork.class.getResourceAsStream(VERSION_RESOURCE)) {
      if (stream != null) {
        properties.load(stream);
      }
    } catch (IOException e) {
      LOG.warn("cannot read DL4J's version", e);
    }
    return properties.getProperty("version", "(unknown version)");
  }

  private void startEngine() {
    if (!engineStarted) {
      CrashReportingUtil.crashDumpsEnabled(false); // it would write about the model wherever we run
      Nd4j.getExecutioner(); // loads the native library
      NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(threads);
      Nd4j.getEnvironment().setMaxMasterThreads(threads);
      Nd4j.factory().blas().setMaxThreads(threads);
      engineStarted = true;
    }
  }
}
