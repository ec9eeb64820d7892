package org.hanse.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Limits;
import org.hanse.core.plan.Ring;
import org.hanse.core.plan.Suite;
import org.hanse.core.secagg.mask.Unmasker;
import org.hanse.core.secagg.site.SiteInput;
import org.hanse.core.secagg.site.UploadMasker;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The coordinator's sum of a model that its heap could never hold. */
@Command(
    name = "memory",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Sums and unmasks a large model in a small heap, and says how much of the heap it took.",
      "",
      "The launcher starts it with -Xmx256m. Masked uploads lie in files of a temporary directory,"
          + " as in the coordinator's spool; the directory is deleted at the end. The sum is"
          + " checked.",
      ""
    })
final class MemoryBenchmark implements Callable<Integer> {
  private static final int MIB = 20;
  private static final double NANOS_PER_SECOND = 1e9;

  /** What masking, writing and checking took on two slow cores. */
  private static final long SECONDS_A_GIB = 10;

  @Spec private CommandSpec spec;

  @Option(names = "--sites", defaultValue = "3", description = "Default: ${DEFAULT-VALUE}.")
  private int sites;

  @Option(
      names = "--parameters",
      defaultValue = "268435456",
      description = "At least so many. Default: ${DEFAULT-VALUE}, which is 2^28.")
  private long parameters;

  @Option(
      names = "--directory",
      description = "Where the temporary directory is made. Default: that of the system.")
  private Path parent = Path.of(System.getProperty("java.io.tmpdir"));

  @Option(
      names = {"-o", "--output"},
      defaultValue = "table",
      description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private Report.Output output = Report.Output.table;

  private final Map<Fingerprint, FileChannel> spool = new HashMap<>();

  @Override
  public Integer call() throws IOException {
    SampleJob job = SampleJob.of(sites, parameters, Suite.FLSA1);
    announce(job);
    Path directory = Files.createTempDirectory(parent, "hanse-bench");
    try {
      run(job, directory);
    } finally {
      for (FileChannel file : spool.values()) {
        file.close();
      }
      for (int number = 0; number < sites; number++) {
        Files.deleteIfExists(file(directory, number));
      }
      Files.delete(directory);
    }
    return 0;
  }

  private void announce(SampleJob job) throws IOException {
    long mib = Math.ceilDiv(sites * job.parameterCount() * Integer.BYTES, 1L << MIB);
    long free = Files.getFileStore(parent).getUsableSpace() >> MIB;
    PrintWriter err = spec.commandLine().getErr();
    err.printf(
        "Needs %d MiB of disk (%d MiB are free) and about %d s.%n",
        mib, free, Math.ceilDiv(mib * SECONDS_A_GIB, 1L << 10));
    err.flush();
    if (free <= mib) {
      throw new IOException("not enough disk; name another place with --directory");
    }
  }

  private void run(SampleJob job, Path directory) {
    Report report = new Report();
    report.count("sites", sites);
    report.count("parameters", job.parameterCount());
    Machine.describe(report);
    report.number("loadBefore", Machine.load());
    Unmasker unmasker =
        InMemoryRound.run(
            job, Set.of(), (number, masker) -> upload(job, directory, number, masker));
    heapPools().forEach(MemoryPoolMXBean::resetPeakUsage);
    List<SeededUpdate> updates = new ArrayList<>();
    for (int number = 0; number < sites; number++) {
      updates.add(new SeededUpdate(unmasker.chunking(), Ring.Z32, sites, number));
    }
    SumCheck check = new SumCheck(updates);
    Measurement.Clock clock = Measurement.Clock.ofThread();
    long cpuNanos = 0;
    for (long chunk = 0; chunk < unmasker.chunking().chunkCount(); chunk++) {
      long before = clock.cpuNanos();
      int[] sum = unmasker.unmask(chunk, this::readSpool);
      cpuNanos += clock.cpuNanos() - before;
      check.requireSum(chunk, sum);
    }
    report.number("coordinatorCpuSeconds", cpuNanos / NANOS_PER_SECOND);
    report.count("peakHeapMib", peakHeapBytes() >> MIB);
    report.number("loadAfter", Machine.load());
    report.fact("sumIsExact", "yes");
    report.print(spec.commandLine().getOut(), output);
  }

  /** Writes the masked update; root and tags are made up, since nobody checks this round's sum. */
  private SiteInput.UploadSummary upload(
      SampleJob job, Path directory, int number, UploadMasker masker) {
    SeededUpdate update = new SeededUpdate(masker.chunking(), Ring.Z32, sites, number);
    try {
      FileChannel file =
          FileChannel.open(
              file(directory, number),
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.WRITE,
              StandardOpenOption.READ);
      spool.put(job.sites().get(number).fingerprint(), file);
      for (long chunk = 0; chunk < masker.chunking().chunkCount(); chunk++) {
        ByteBuffer masked = ByteBuffer.wrap(masker.maskedChunk(update, chunk));
        while (masked.hasRemaining()) {
          file.write(masked);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new SiteInput.UploadSummary(
        SampleJob.hash("root"), masker.chunking().chunkCount(), number, number);
  }

  private byte[] readSpool(Fingerprint site, long chunk) {
    FileChannel file = Objects.requireNonNull(spool.get(site));
    long chunkBytes = (long) Limits.CHUNK_ELEMENTS * Integer.BYTES;
    try {
      long position = chunk * chunkBytes;
      ByteBuffer read = ByteBuffer.allocate((int) Math.min(chunkBytes, file.size() - position));
      while (read.hasRemaining()) {
        if (file.read(read, position + read.position()) < 0) {
          throw new IOException("an upload ends before chunk " + chunk + " does");
        }
      }
      return read.array();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path file(Path directory, int number) {
    return directory.resolve("upload-" + number);
  }

  private static List<MemoryPoolMXBean> heapPools() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .toList();
  }

  /** What was in use at most, garbage included: the peaks of the pools, added. */
  private static long peakHeapBytes() {
    return heapPools().stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
  }
}
