package org.hanse.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.hanse.core.crypto.LinearTag;
import org.hanse.core.crypto.MaskStream;
import org.hanse.core.crypto.MaskSum;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Ring;
import org.hanse.core.plan.Suite;
import org.hanse.core.secagg.ChunkTree;
import org.hanse.core.secagg.mask.Unmasker;
import org.hanse.core.secagg.site.SiteInput;
import org.hanse.core.secagg.site.UploadMasker;
import org.hanse.core.vector.Chunking;
import org.hanse.core.vector.IntChunks;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A site's masking and the coordinator's unmasking in one round. */
@Command(
    name = "secure-round",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "A round of secure aggregation: what masking costs a site and unmasking the coordinator.",
      "",
      "Runs in one process, without network, and keeps all uploads in memory: four bytes (or two)"
          + " for each parameter and site, and a little more. Times are the CPU time of one thread and the"
          + " wall clock, medians of several passes after warm-up, with the best; the reference"
          + " figures are taken in the same run. The sum is checked.",
      ""
    })
final class SecureRoundBenchmark implements Callable<Integer> {
  private static final int TAGS = 2;

  @Spec private CommandSpec spec;

  @Option(names = "--sites", defaultValue = "10", description = "Default: ${DEFAULT-VALUE}.")
  private int sites;

  @Option(
      names = "--parameters",
      defaultValue = "10000000",
      description = "At least so many. Default: ${DEFAULT-VALUE}.")
  private long parameters;

  @Option(
      names = "--dropouts",
      defaultValue = "1",
      description = "Sites that deal shares and never upload. Default: ${DEFAULT-VALUE}.")
  private int dropouts;

  @Option(names = "--post-quantum", description = "Keys with ML-KEM-768 beside X25519.")
  private boolean postQuantum;

  @Option(
      names = "--ring-bits",
      defaultValue = "32",
      description = "32 or 16. Default: ${DEFAULT-VALUE}.")
  private int ringBits;

  @Option(
      names = "--warm-up",
      defaultValue = "3",
      description = "Passes that are not counted. Default: ${DEFAULT-VALUE}.")
  private int warmUp;

  @Option(names = "--passes", defaultValue = "7", description = "Default: ${DEFAULT-VALUE}.")
  private int counted;

  @Option(
      names = {"-o", "--output"},
      defaultValue = "table",
      description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private Report.Output output = Report.Output.table;

  private final Measurement.Clock clock = Measurement.Clock.ofThread();
  private final Map<Fingerprint, List<byte[]>> spool = new HashMap<>();
  private final Report report = new Report();

  @Override
  public Integer call() {
    Ring ring = ring();
    Suite suite = Suite.masked(postQuantum, ring);
    SampleJob job = SampleJob.of(sites, parameters, suite);
    report.fact("suite", suite.protocolName());
    report.count("sites", sites);
    report.count("dropouts", dropouts);
    report.count("parameters", job.parameterCount());
    report.count("countedPasses", counted);
    Machine.describe(report);
    report.number("loadBefore", Machine.load());
    report.head();
    Set<Integer> leaving =
        IntStream.range(sites - dropouts, sites).boxed().collect(Collectors.toSet());
    Unmasker unmasker =
        InMemoryRound.run(job, leaving, (number, masker) -> upload(job, number, masker));
    Chunking chunking = unmasker.chunking();
    Measurement unmasking = measure(() -> unmask(unmasker));
    report.times("coordinatorSumsAndUnmasks", unmasking);
    compare(chunking, ring, unmasking);
    report.gap();
    keysAndMessages(suite);
    report.number("loadAfter", Machine.load());
    checkSum(unmasker);
    report.print(spec.commandLine().getOut(), output);
    return 0;
  }

  private Measurement measure(Runnable work) {
    return Measurement.of(new Measurement.Passes(warmUp, counted), clock, work);
  }

  private SiteInput.UploadSummary upload(SampleJob job, int number, UploadMasker masker) {
    IntChunks update = update(masker.chunking(), number);
    if (number == 0) {
      IntChunks held = update(masker.chunking(), number).held();
      report.times(
          "siteMasksTagsAndHashes", measure(() -> masker.maskAll(held, (chunk, bytes) -> {})));
    }
    List<byte[]> chunks = new ArrayList<>();
    SiteInput.UploadSummary summary = masker.maskAll(update, (chunk, bytes) -> chunks.add(bytes));
    spool.put(job.sites().get(number).fingerprint(), chunks);
    return summary;
  }

  private SeededUpdate update(Chunking chunking, int number) {
    return new SeededUpdate(chunking, ring(), sites, number);
  }

  private void unmask(Unmasker unmasker) {
    for (long chunk = 0; chunk < unmasker.chunking().chunkCount(); chunk++) {
      unmasker.unmask(chunk, this::readSpool);
    }
  }

  private byte[] readSpool(Fingerprint site, long chunk) {
    return Objects.requireNonNull(spool.get(site)).get((int) chunk);
  }

  /** The parts of a site's work by themselves, and what the hardware could do at best. */
  private void compare(Chunking chunking, Ring ring, Measurement unmasking) {
    List<int[]> vector = new ArrayList<>();
    for (long chunk = 0; chunk < chunking.chunkCount(); chunk++) {
      vector.add(new int[chunking.elementsIn(chunk)]);
    }
    // As for the site in the middle: it adds its own mask and half of the pair masks.
    List<MaskStream> masks = Streams.masks(sites);
    MaskSum sum =
        new MaskSum(ring, masks.subList(0, sites / 2 + 1), masks.subList(sites / 2 + 1, sites));
    Measurement masking = measure(() -> forEach(chunking, vector, sum::addTo));
    report.times("siteMasks", masking);
    report.times(
        "siteTags",
        measure(() ->
            forEach(
                chunking,
                vector,
                (elements, first) -> {
                  for (int tag = 0; tag < TAGS; tag++) {
                    LinearTag.dot(masks.get(tag), elements, first);
                  }
                })));
    List<byte[]> upload = spool.values().iterator().next();
    Fingerprint site = spool.keySet().iterator().next();
    report.times(
        "siteHashes",
        measure(() -> {
          ChunkTree tree = ChunkTree.ofUpload(SampleJob.MODEL, site);
          upload.forEach(tree::add);
        }));
    long vectorBytes = chunking.lengthElements() * ring.elementBytes();
    Measurement ctr = measure(() -> Streams.bareCtr(sites * vectorBytes));
    report.times("referenceAesCtrOfTheMasks", ctr);
    int[] addend = new int[chunking.chunkElements()];
    report.times(
        "referenceAddingOneVector",
        measure(() -> vector.forEach(elements -> Streams.bareAdd(elements, addend))));
    report.gap();
    double aesNanos = ctr.median().cpuNanos();
    int survivors = sites - dropouts;
    double removed = survivors * (1.0 + dropouts);
    report.number("siteMasksToAesCtrThroughput", aesNanos / masking.median().cpuNanos());
    report.number(
        "unmaskingToAesCtrThroughput", aesNanos / sites * removed / unmasking.median().cpuNanos());
  }

  /** A round of a few parameters: what is left are keys, shares, boxes and signatures. */
  private void keysAndMessages(Suite suite) {
    SampleJob tiny = SampleJob.of(sites, 1, suite);
    report.times(
        "allPartiesWithoutVectors",
        measure(() ->
            InMemoryRound.run(
                tiny,
                Set.of(),
                (number, masker) ->
                    masker.maskAll(update(masker.chunking(), number), (chunk, bytes) -> {}))));
  }

  private Ring ring() {
    return Ring.ofBits(ringBits)
        .orElseThrow(() ->
            new ParameterException(
                spec.commandLine(), "--ring-bits must be 32 or 16, not " + ringBits));
  }

  /** Takes the elements of a chunk and the index of the first. */
  private interface ChunkWork {
    void on(int[] elements, long firstElement);
  }

  private static void forEach(Chunking chunking, List<int[]> vector, ChunkWork work) {
    for (int chunk = 0; chunk < vector.size(); chunk++) {
      work.on(vector.get(chunk), chunking.firstElement(chunk));
    }
  }

  private void checkSum(Unmasker unmasker) {
    List<SeededUpdate> counted =
        IntStream.range(0, sites - dropouts)
            .mapToObj(number -> update(unmasker.chunking(), number))
            .toList();
    SumCheck check = new SumCheck(counted);
    for (long chunk = 0; chunk < unmasker.chunking().chunkCount(); chunk++) {
      check.requireSum(chunk, unmasker.unmask(chunk, this::readSpool));
    }
    report.fact("sumIsExact", "yes");
  }
}
