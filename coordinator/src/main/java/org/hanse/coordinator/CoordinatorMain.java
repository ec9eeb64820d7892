package org.hanse.coordinator;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.hanse.coordinator.authority.ConsortiumAuthority;
import org.hanse.coordinator.authority.CoordinatorKeys;
import org.hanse.coordinator.authority.KeyFiles;
import org.hanse.coordinator.authority.SigningCertificates;
import org.hanse.coordinator.config.ConfigReader;
import org.hanse.coordinator.config.ConfigurationException;
import org.hanse.coordinator.config.CoordinatorConfig;
import org.hanse.coordinator.engine.JobParts;
import org.hanse.coordinator.engine.Jobs;
import org.hanse.coordinator.engine.MonotonicClock;
import org.hanse.coordinator.engine.Retention;
import org.hanse.coordinator.engine.SystemThreads;
import org.hanse.coordinator.engine.SystemTimers;
import org.hanse.coordinator.engine.TurnDesk;
import org.hanse.coordinator.engine.WorkBoard;
import org.hanse.coordinator.grpc.CoordinatorServer;
import org.hanse.coordinator.grpc.ServiceParts;
import org.hanse.coordinator.job.CallRegister;
import org.hanse.coordinator.round.CertifiedKey;
import org.hanse.coordinator.round.RoundPlan.Patience;
import org.hanse.coordinator.storage.JobStore;
import org.hanse.coordinator.storage.SiteStore;
import org.hanse.coordinator.storage.Staging;
import org.hanse.coordinator.storage.StorageException;
import org.hanse.coordinator.storage.StoredSite;
import org.hanse.coordinator.storage.sql.Database;
import org.hanse.coordinator.storage.sql.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code hanse coordinator}: wires the server and runs it until it is told to stop. */
@Command(
    name = "hanse coordinator",
    description = "Runs the server that sites and researchers connect to.",
    mixinStandardHelpOptions = true,
    exitCodeOnInvalidInput = CoordinatorMain.EXIT_USAGE,
    exitCodeOnExecutionException = CoordinatorMain.EXIT_BUG)
public final class CoordinatorMain implements Callable<Integer> {
  static final int EXIT_FAILED = 1;
  static final int EXIT_USAGE = 4;
  static final int EXIT_BUG = 5;

  /** Between two looks for jobs that ended too long ago. */
  private static final long DROP_PAUSE_HOURS = 1;

  private static final Logger log = LoggerFactory.getLogger(CoordinatorMain.class);

  @Spec private CommandSpec spec;

  /** How results are printed on standard output. */
  enum Output {
    table,
    json,
    jsonl
  }

  private CoordinatorMain(CommandSpec spec) {
    this.spec = spec;
  }

  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** The command tree, as its help page and completion see it. */
  public static CommandLine commandLine() {
    return new CommandLine(new CoordinatorMain(CommandSpec.create()));
  }

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(), "Say what to do: hanse coordinator serve --config coordinator.yaml");
  }

  @Command(
      name = "serve",
      description = "Listens until it gets SIGTERM or SIGINT.",
      mixinStandardHelpOptions = true,
      exitCodeOnInvalidInput = EXIT_USAGE,
      exitCodeOnExecutionException = EXIT_BUG)
  int serve(
      @Option(
              names = "--config",
              required = true,
              paramLabel = "FILE",
              description = "The coordinator's configuration, YAML.")
          Path config,
      @Option(
              names = {"-o", "--output"},
              paramLabel = "FORMAT",
              defaultValue = "table",
              description = "table, json or jsonl.")
          Output output)
      throws InterruptedException {
    Running running;
    try {
      running = start(ConfigReader.read(config));
    } catch (ConfigurationException e) {
      System.err.println(e.problems());
      System.err.println("configuration-invalid: correct " + config + " and start again");
      return EXIT_USAGE;
    } catch (StorageException e) {
      System.err.println(e.code().text() + ": " + e.getMessage());
      return EXIT_FAILED;
    } catch (IOException e) {
      System.err.println("start-failed: " + e.getMessage());
      return EXIT_FAILED;
    }
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("shutdown")
                .unstarted(() -> {
                  running.close();
                  stopped.countDown();
                }));
    announce(System.out, output, running.address());
    stopped.await();
    return 0;
  }

  private static void announce(PrintStream out, Output output, String address) {
    out.println(
        output == Output.table
            ? "Listening on " + address
            : "{\"event\":\"listening\",\"address\":\"" + address + "\"}");
    out.flush();
  }

  /** A coordinator that listens; closing it stops everything it started, the last first. */
  public static final class Running implements AutoCloseable {
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private String address = "nowhere";

    private Running() {}

    private <T extends AutoCloseable> T owns(T part) {
      parts.push(part);
      return part;
    }

    /** Host and port. */
    public String address() {
      return address;
    }

    @Override
    public void close() {
      log.info("stopping");
      for (AutoCloseable part : parts) {
        try {
          part.close();
        } catch (Exception e) {
          log.error("while stopping", e);
        }
      }
      parts.clear();
      log.info("stopped");
    }
  }

  /**
   * Starts a coordinator; on return it serves, and every job stands where it stood.
   *
   * @throws ConfigurationException if its keys are not in order
   * @throws StorageException if what it has stored cannot be used
   * @throws IOException if it cannot listen
   */
  public static Running start(CoordinatorConfig config)
      throws ConfigurationException, IOException, InterruptedException {
    return start(config, UnaryOperator.identity());
  }

  /** What the database holds. */
  public record Stores(JobStore jobs, SiteStore sites) {}

  /**
   * As {@link #start(CoordinatorConfig)}, for who wants to see what is stored.
   *
   * @param stores what is used in place of the database's stores
   */
  public static Running start(CoordinatorConfig config, UnaryOperator<Stores> stores)
      throws ConfigurationException, IOException, InterruptedException {
    MonotonicClock clock = new MonotonicClock();
    CoordinatorKeys keys = keys(config, clock);
    Running running = new Running();
    boolean serving = false;
    try {
      Database database = running.owns(Database.open(settings(config.storage())));
      Stores stored = stores.apply(new Stores(database.jobs(), database.sites()));
      Staging.discardAll(config.storage().data());
      WorkBoard board = new WorkBoard();
      CallRegister register = new CallRegister(clock);
      JobParts.Shared shared = shared(config, stored.jobs(), clock, running, board, register);
      Jobs jobs = running.owns(new Jobs(config.storage().data(), keys.signingKey(), shared));
      ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
      running.owns(calls::shutdownNow);
      ServiceParts parts =
          new ServiceParts(
              new ServiceParts.Who(
                  keys.authority(),
                  signers(stored.sites(), keys, clock),
                  stored.sites(),
                  keys.signingKey().fingerprint()),
              jobs,
              board,
              new ServiceParts.When(clock, shared.timers(), config.times().poll()),
              calls);
      InetAddress host = InetAddress.getByName(config.listen().host());
      CoordinatorServer server =
          running.owns(
              CoordinatorServer.start(
                  new InetSocketAddress(host, config.listen().port()), keys, parts, register));
      running.owns(board::releaseAll);
      jobs.recover();
      config.storage().keepEnded().ifPresent(age -> dropEnded(jobs, age, running));
      server.serve();
      running.address = config.listen().host() + ":" + server.port();
      log.info("listening on {}, signing as {}", running.address, keys.signingKey().fingerprint());
      serving = true;
      return running;
    } finally {
      if (!serving) {
        running.close();
      }
    }
  }

  /** Now, and then again and again. */
  private static void dropEnded(Jobs jobs, Duration age, Running running) {
    ScheduledExecutorService dropping =
        Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("drop-ended").factory());
    running.owns(dropping::shutdownNow);
    var _ =
        dropping.scheduleWithFixedDelay(
            () -> {
              try {
                jobs.dropEnded(age);
              } catch (IOException e) {
                log.error("jobs that are over could not be deleted", e);
              }
            },
            0,
            DROP_PAUSE_HOURS,
            TimeUnit.HOURS);
  }

  private static JobParts.Shared shared(
      CoordinatorConfig config,
      JobStore store,
      MonotonicClock clock,
      Running running,
      WorkBoard board,
      CallRegister register) {
    SystemTimers timers = running.owns(new SystemTimers(clock));
    ExecutorService workers =
        Executors.newFixedThreadPool(
            Runtime.getRuntime().availableProcessors(),
            Thread.ofPlatform().name("unmask-", 0).daemon(true).factory());
    running.owns(workers::shutdownNow);
    return new JobParts.Shared(
        store,
        clock,
        timers,
        new SystemThreads(workers),
        board,
        register,
        new TurnDesk(config.roundsPerSite()),
        new JobParts.Rules(
            new Patience(config.times().lease(), config.times().grace()),
            config.storage().keepRounds() ? Retention.ALL_ROUNDS : Retention.LAST_ROUND,
            config.times().longestPause()));
  }

  /** Of the sites that are known; what their certificates are worth now is judged again. */
  private static SigningCertificates signers(
      SiteStore sites, CoordinatorKeys keys, MonotonicClock clock) throws IOException {
    SigningCertificates signers = new SigningCertificates();
    for (StoredSite known : sites.all()) {
      if (keys.authority()
              .checkSigning(known.certificateDer().toByteArray(), known.site(), clock.instant())
          instanceof ConsortiumAuthority.SigningCheck.Accepted(CertifiedKey key)) {
        signers.register(known.site(), key);
      }
    }
    return signers;
  }

  private static Settings settings(CoordinatorConfig.Storage storage) {
    Path data = storage.data();
    return storage
        .server()
        .<Settings>map(server ->
            new Settings.Postgresql(
                data, server.url(), server.user(), () -> password(server.passwordFile())))
        .orElseGet(() -> new Settings.Sqlite(data));
  }

  private static String password(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  private static CoordinatorKeys keys(CoordinatorConfig config, MonotonicClock clock)
      throws ConfigurationException {
    KeyFiles files =
        new KeyFiles(
            new KeyFiles.Pair(config.tls().certificate(), config.tls().key()),
            new KeyFiles.Pair(config.signing().certificate(), config.signing().key()),
            config.tls().authority());
    return switch (files.load(clock.instant())) {
      case KeyFiles.Loaded.Good(CoordinatorKeys keys) -> keys;
      case KeyFiles.Loaded.Bad(List<String> problems) -> throw new ConfigurationException(problems);
    };
  }
}
