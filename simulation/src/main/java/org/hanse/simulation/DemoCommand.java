package org.hanse.simulation;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.hanse.core.plan.Ring;
import org.hanse.core.plan.Suite;
import org.hanse.simulation.attack.Attack;
import org.hanse.simulation.demo.Demo;
import org.hanse.simulation.demo.DemoFailure;
import org.hanse.simulation.demo.DemoOptions;
import org.hanse.simulation.demo.DemoOptions.Disturbances;
import org.hanse.simulation.demo.DemoOptions.FederationOptions;
import org.hanse.simulation.demo.Disturbance;
import org.hanse.simulation.demo.Example;
import org.hanse.simulation.demo.ExitCode;
import org.hanse.simulation.demo.JsonLinesReport;
import org.hanse.simulation.demo.Report;
import org.hanse.simulation.demo.TableReport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of the demo. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Five sites train one model on this machine, from start to end.",
      "",
      "Starts a coordinator and the sites as processes of their own, with a certificate authority,"
          + " mutual TLS and secure aggregation, and trains on real records that are dealt unevenly"
          + " to the sites.",
      ""
    })
final class DemoCommand implements Callable<Integer> {
  private static final String PLAIN_WARNING =
      """
      +----------------------------------------------------------------------------------+
      |  SECURE AGGREGATION IS OFF: the coordinator sees every single site's update and  |
      |  can learn about its records from it. The sites of this demo allow that in their |
      |  policy; a real site refuses such a job unless its steward does the same.        |
      +----------------------------------------------------------------------------------+
      """;

  /** An attack is a course of its own. */
  private static final List<String> NOT_BESIDE_ATTACK =
      List.of(
          "--dataset",
          "--sites",
          "--rounds",
          "--no-secure-aggregation",
          "--ring-bits",
          "--break",
          "--absent");

  private final Demo.Surroundings surroundings;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--dataset",
      defaultValue = "digits",
      description = "Records to train on: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private Example example = Example.DIGITS;

  @Option(
      names = "--sites",
      defaultValue = "5",
      description = "Number of sites, 3 to 20. Default: ${DEFAULT-VALUE}.")
  private int sites;

  @Option(
      names = "--rounds",
      description = "Rounds to train. Default: as the example's job file says.")
  private @Nullable Long rounds;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description =
          "Fixes everything that reaches the model: the same seed gives the same model, bit for"
              + " bit. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--keep",
      paramLabel = "DIR",
      description = "Leave all files in this new or empty directory.")
  private @Nullable Path keep;

  @Option(
      names = "--no-secure-aggregation",
      description = "Let the coordinator see every site's update.")
  private boolean plain;

  @Option(names = "--post-quantum", description = "Agree on keys with ML-KEM-768 beside X25519.")
  private boolean postQuantum;

  @Option(
      names = "--ring-bits",
      defaultValue = "32",
      description =
          "32, or 16 for uploads of half the size, rotated and rounded more coarsely. Default:"
              + " ${DEFAULT-VALUE}.")
  private int ringBits;

  @Option(
      names = "--break",
      paramLabel = "WHO@round-N",
      description =
          "Kill this site's process, or the coordinator's, during the uploads of this round; may be"
              + " repeated.")
  private List<Disturbance> breaks = new ArrayList<>();

  @Option(
      names = "--absent",
      paramLabel = "SITE@round-N",
      description = "Let this site sit this round out; may be repeated.")
  private List<Disturbance> absences = new ArrayList<>();

  @Option(
      names = "--attack",
      paramLabel = "NAME",
      description = {
        "Show how sites refuse a dishonest coordinator, with five sites and the breast-cancer"
            + " records. One of:",
        "  ${COMPLETION-CANDIDATES}.",
        "Ends with one JSON line that names the site and its check."
      })
  private @Nullable Attack attack;

  @Option(
      names = {"-o", "--output"},
      defaultValue = "table",
      description = "What standard output holds: ${COMPLETION-CANDIDATES}. Default: table.")
  private Output output = Output.table;

  /** As written on the command line. */
  enum Output {
    table,
    jsonl
  }

  DemoCommand(Demo.Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException, DemoFailure, InterruptedException {
    DemoOptions options = new DemoOptions(federation(), disturbances(), Optional.ofNullable(keep));
    if (plain) {
      System.err.print(PLAIN_WARNING);
    }
    Demo demo = new Demo(options, surroundings, report(System.out));
    AtomicBoolean over = new AtomicBoolean();
    Thread onSignal = new Thread(() -> stop(demo, over), "stop");
    Runtime.getRuntime().addShutdownHook(onSignal);
    try {
      demo.run();
    } catch (IOException | DemoFailure | InterruptedException | RuntimeException e) {
      if (over.getAndSet(true)) {
        return ExitCode.FAILED.value(); // a consequence of the signal, whose thread says what is
      }
      throw e;
    }
    over.set(true);
    return ExitCode.DONE.value();
  }

  private FederationOptions federation() {
    return attack == null
        ? new FederationOptions(example, sites, Optional.ofNullable(rounds), seed, suite())
        : new FederationOptions(
            Example.BREAST_CANCER, sites, Optional.of(attack.rounds()), seed, suite());
  }

  private Suite suite() {
    Ring ring =
        Ring.ofBits(ringBits)
            .orElseThrow(() -> refused("--ring-bits must be 32 or 16, not " + ringBits));
    if (plain && (postQuantum || ring != Ring.Z32)) {
      throw refused("--no-secure-aggregation goes with neither --post-quantum nor --ring-bits 16");
    }
    return plain ? Suite.PLAIN : Suite.masked(postQuantum, ring);
  }

  private ParameterException refused(String why) {
    return new ParameterException(spec.commandLine(), why);
  }

  private Disturbances disturbances() {
    if (attack != null) {
      List<String> pointless =
          NOT_BESIDE_ATTACK.stream()
              .filter(spec.commandLine().getParseResult()::hasMatchedOption)
              .toList();
      if (!pointless.isEmpty()) {
        throw new ParameterException(
            spec.commandLine(),
            "--attack is a course of its own; leave out " + String.join(", ", pointless));
      }
    }
    return new Disturbances(breaks, absences, Optional.ofNullable(attack));
  }

  /** Whether a person looks on: since 25 the default console is again absent where none does. */
  @SuppressWarnings("SystemConsoleNull") // holds from 22 to 24 only
  private static boolean onTerminal() {
    return System.console() != null && System.console().isTerminal();
  }

  private Report report(PrintStream out) {
    return switch (output) {
      case jsonl -> new JsonLinesReport(out);
      case table -> {
        boolean terminal = onTerminal();
        boolean colour = terminal && System.getenv("NO_COLOR") == null;
        yield new TableReport(out, new TableReport.Style(terminal, colour));
      }
    };
  }

  /** At the end of the program: by a signal, if the demo is not over. */
  private static void stop(Demo demo, AtomicBoolean over) {
    if (over.getAndSet(true)) {
      return;
    }
    try {
      demo.stop();
    } catch (IOException e) {
      System.err.println("hanse: could not remove all temporary files: " + e.getMessage());
    }
    System.err.println("hanse: stopped; every process has ended.");
  }
}
