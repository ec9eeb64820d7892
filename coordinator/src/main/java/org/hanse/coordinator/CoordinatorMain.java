package org.hanse.coordinator;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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
import org.hanse.coordinator.engine.SystemTimers;
import org.hanse.coordinator.engine.WorkBoard;
import org.hanse.coordinator.grpc.CoordinatorServer;
import org.hanse.coordinator.grpc.ServiceParts;
import org.hanse.coordinator.job.CallRegister;
import org.hanse.coordinator.round.RoundPlan.Patience;
import org.hanse.coordinator.storage.Staging;
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

  /** A coordinator that listens; closing it stops everything it started. */
  public static final class Running implements AutoCloseable {
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final String address;

    private Running(String address, List<AutoCloseable> started) {
      this.address = address;
      started.forEach(parts::push);
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
   * Starts a coordinator.
   *
   * @throws ConfigurationException if its keys are not in order
   * @throws IOException if it cannot listen
   */
  public static Running start(CoordinatorConfig config) throws ConfigurationException, IOException {
    MonotonicClock clock = new MonotonicClock();
    CoordinatorKeys keys = keys(config, clock);
    Staging.discardAll(config.data());
    SystemTimers timers = new SystemTimers(clock);
    ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
    ExecutorService workers =
        Executors.newFixedThreadPool(
            Runtime.getRuntime().availableProcessors(),
            Thread.ofPlatform().name("unmask-", 0).daemon(true).factory());
    CallRegister register = new CallRegister(clock);
    WorkBoard board = new WorkBoard();
    Jobs jobs =
        new Jobs(
            config.data(),
            keys.signingKey(),
            new JobParts.Shared(
                clock,
                timers,
                workers,
                board,
                register,
                new Patience(config.times().lease(), config.times().grace()),
                config.keepRounds() ? Retention.ALL_ROUNDS : Retention.LAST_ROUND));
    ServiceParts parts =
        new ServiceParts(
            new ServiceParts.Who(
                keys.authority(), new SigningCertificates(), keys.signingKey().fingerprint()),
            jobs,
            board,
            new ServiceParts.When(clock, timers, config.times().poll()),
            calls);
    List<AutoCloseable> started =
        List.of(timers, calls::shutdownNow, workers::shutdownNow, jobs, board::releaseAll);
    try {
      InetAddress host = InetAddress.getByName(config.listen().host());
      CoordinatorServer server =
          CoordinatorServer.start(
              new InetSocketAddress(host, config.listen().port()), keys, parts, register);
      String address = config.listen().host() + ":" + server.port();
      log.info("listening on {}, signing as {}", address, keys.signingKey().fingerprint());
      Running running = new Running(address, started);
      running.parts.push(server);
      running.parts.push(board::releaseAll);
      return running;
    } catch (IOException e) {
      new Running("nowhere", started).close();
      throw e;
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
