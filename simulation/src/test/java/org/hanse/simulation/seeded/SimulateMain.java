package org.hanse.simulation.seeded;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.hanse.simulation.demo.RealRun;
import org.hanse.simulation.fault.FaultPlan;
import org.hanse.simulation.world.World;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs {@code hanse-simulate}. */
@Command(
    name = "hanse-simulate",
    description = {
      "Runs whole jobs among simulated machines, one a seed: the coordinator and the sites of this"
          + " checkout, on simulated disks, networks and clocks that fail.",
      "Exit code: 0 if nothing was violated, 1 otherwise."
    },
    mixinStandardHelpOptions = true)
public final class SimulateMain implements Callable<Integer> {
  private static final int VIOLATED = 1;

  @Spec private CommandSpec spec;

  @Option(names = "--seed", description = "First seed (default: 1).", defaultValue = "1")
  private long seed;

  @Option(names = "--count", description = "So many seeds (default: 1).", defaultValue = "1")
  private long count;

  @Option(names = "--threads", description = "Threads (default: 2).", defaultValue = "2")
  private int threads;

  @Option(
      names = "--repeat-every",
      description = "Of so many seeds one is run twice; 0 for none (default: 100).",
      defaultValue = "100")
  private long repeatEvery;

  @Option(names = "--until-violation", description = "Stops at the first violation.")
  private boolean untilViolation;

  @Option(
      names = "--plan",
      paramLabel = "FILE",
      description = "Faults, YAML, in place of those that the seed draws.")
  private @Nullable Path plan;

  @Option(
      names = "--real",
      description = {
        "Does the plan's faults to real programs on this machine, by the clock on the wall:",
        "kill, stop and pause, of the coordinator and of five sites."
      })
  private boolean real;

  @Option(names = "--show-plan", description = "Prints the faults that the seed draws, as YAML.")
  private boolean showPlan;

  @Option(
      names = "--trace",
      description = "Prints the trace of each run, also of one without fault.")
  private boolean trace;

  @Option(
      names = "--log",
      paramLabel = "LEVEL",
      description = "Level of the programs' own logs (default: off).",
      defaultValue = "off")
  private String log;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "table or jsonl (default: table).",
      defaultValue = "table")
  private Output output;

  /** Formats of the report. */
  private enum Output {
    table,
    jsonl
  }

  private SimulateMain() {}

  /** Ends the process. */
  public static void main(String[] args) {
    Locale.setDefault(Locale.ROOT);
    // By its own name: the programs this one contains bring a logback.xml each.
    System.setProperty("logback.configurationFile", "simulation-logback.xml");
    System.exit(
        new CommandLine(new SimulateMain())
            .setExecutionExceptionHandler(SimulateMain::failed)
            .execute(args));
  }

  /** A plan that cannot be used is no defect of this program. */
  private static int failed(Exception cause, CommandLine command, CommandLine.ParseResult parsed)
      throws Exception {
    if (cause instanceof IOException) {
      String what = cause instanceof NoSuchFileException ? "there is no file " : "";
      command.getErr().println("hanse-simulate: " + what + cause.getMessage());
      return command.getCommandSpec().exitCodeOnInvalidInput();
    }
    throw cause;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    if (count < 1 || threads < 1 || repeatEvery < 0) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--count and --threads begin at 1, --repeat-every at 0");
    }
    if (real) {
      return real(out);
    }
    try (var _ = new QuietLogs(log)) {
      if (plan != null || trace || showPlan) {
        return one(out);
      }
      long begun = System.nanoTime();
      SeedBatch.Summary summary =
          new SeedBatch(seed, count, threads, repeatEvery, untilViolation)
              .run(outcome -> report(out, outcome));
      double seconds = (System.nanoTime() - begun) / 1e9;
      summarize(out, summary, seconds);
      return summary.violations().isEmpty() ? 0 : VIOLATED;
    }
  }

  private int real(PrintWriter out) throws IOException, InterruptedException {
    if (plan == null) {
      throw new CommandLine.ParameterException(spec.commandLine(), "--real needs --plan FILE");
    }
    Path home = Path.of(System.getProperty("hanse.home", "."));
    RealRun.Outcome outcome =
        RealRun.of(
            FaultPlan.read(plan),
            home,
            line -> {
              out.println(line);
              out.flush();
            });
    for (String violation : outcome.violations()) {
      spec.commandLine().getErr().println("violated: " + violation);
    }
    out.printf(
        "sites counted in each round %s, model %s, %d violations%n",
        outcome.counted(), outcome.model(), outcome.violations().size());
    out.flush();
    return outcome.violations().isEmpty() ? 0 : VIOLATED;
  }

  private int one(PrintWriter out) throws IOException {
    int exit = 0;
    for (long next = seed; next < seed + count; next++) {
      SeededRun.Outcome outcome =
          plan == null ? SeededRun.of(next) : SeededRun.of(next, FaultPlan.read(plan));
      if (showPlan) {
        out.print(outcome.plan().yaml());
      }
      if (trace && outcome.defect().isEmpty()) {
        outcome.trace().forEach(out::println);
      }
      report(out, outcome);
      out.printf(
          "seed %d: %s, %d rounds, trace %s%n",
          next, state(outcome), outcome.publishedRounds(), outcome.traceHash());
      exit = outcome.defect().isEmpty() ? exit : VIOLATED;
    }
    out.flush();
    return exit;
  }

  private static String state(SeededRun.Outcome outcome) {
    return outcome.state().map(Enum::name).orElse("no job");
  }

  private void report(PrintWriter out, SeededRun.Outcome outcome) {
    Optional<World.Defect> defect = outcome.defect();
    if (output == Output.jsonl) {
      out.printf(
          "{\"seed\":%d,\"state\":\"%s\",\"rounds\":%d,\"faults\":%d,\"trace\":\"%s\",\"violated\":%s}%n",
          outcome.seed(),
          state(outcome),
          outcome.publishedRounds(),
          outcome.plan().faults().size(),
          outcome.traceHash(),
          defect.map(found -> "\"" + found.rule() + "\"").orElse("null"));
    }
    if (defect.isPresent()) {
      PrintWriter err = spec.commandLine().getErr();
      outcome.trace().forEach(err::println);
      err.printf(
          "seed %d violates \"%s\": %s%n",
          outcome.seed(), defect.get().rule(), defect.get().what());
      Throwable cause = defect.get().cause();
      if (cause != null) {
        cause.printStackTrace(err);
      }
      err.printf("  Next: hanse-simulate --seed %d --trace --log info%n", outcome.seed());
      err.flush();
    }
  }

  private void summarize(PrintWriter out, SeedBatch.Summary summary, double seconds) {
    if (output == Output.jsonl) {
      out.printf(
          "{\"seeds\":%d,\"violations\":%d,\"repeated\":%d,\"seconds\":%.1f}%n",
          summary.outcomes().size(), summary.violations().size(), summary.repeated(), seconds);
    } else {
      out.printf("faults  %s%n", summary.faults());
      out.printf("jobs    %s%n", summary.states());
      out.printf(
          "seeds   %d to %d, %d of them twice, in %.1f s: %d violations%n",
          seed,
          seed + summary.outcomes().size() - 1,
          summary.repeated(),
          seconds,
          summary.violations().size());
    }
    out.flush();
  }
}
