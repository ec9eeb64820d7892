package org.hanse.simulation;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.hanse.client.trainer.Dl4jTrainer;
import org.hanse.simulation.attack.Attack;
import org.hanse.simulation.demo.Demo;
import org.hanse.simulation.demo.DemoFailure;
import org.hanse.simulation.demo.Disturbance;
import org.hanse.simulation.demo.Example;
import org.hanse.simulation.demo.ExitCode;
import org.hanse.simulation.process.Launcher;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Runs {@code hanse demo}. */
@Command(
    name = "hanse",
    subcommands = {})
public final class SimulationMain {
  private SimulationMain() {}

  /** Ends the process with one of the shared exit codes. */
  public static void main(String[] args) {
    // Numbers look the same everywhere.
    Locale.setDefault(Locale.ROOT);
    // By its own name: the programs this one contains bring a logback.xml each.
    System.setProperty("logback.configurationFile", "simulation-logback.xml");
    Demo.Surroundings surroundings =
        new Demo.Surroundings(
            Path.of(System.getProperty("hanse.home", ".")),
            Launcher.ofThisProgram(),
            () -> new Dl4jTrainer(1));
    CommandLine line =
        new CommandLine(new SimulationMain())
            .addSubcommand(new DemoCommand(surroundings))
            .registerConverter(Disturbance.class, inWords(Disturbance::parse))
            .registerConverter(Example.class, inWords(Example::ofLabel))
            .registerConverter(Attack.class, inWords(Attack::ofLabel))
            .setParameterExceptionHandler(SimulationMain::badArguments)
            .setExecutionExceptionHandler(SimulationMain::failed);
    System.exit(line.execute(args));
  }

  /** Lets people read what is wrong with a value, and no class's name. */
  private static <T> ITypeConverter<T> inWords(Function<String, T> parser) {
    return text -> {
      try {
        return parser.apply(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    };
  }

  private static int badArguments(CommandLine.ParameterException e, String[] args) {
    PrintWriter err = e.getCommandLine().getErr();
    err.println("hanse: " + e.getMessage());
    if (!CommandLine.UnmatchedArgumentException.printSuggestions(e, err)) {
      err.println("  Next: hanse demo --help lists all options");
    }
    return ExitCode.BAD_ARGUMENTS.value();
  }

  private static int failed(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
    PrintWriter err = command.getErr();
    return switch (e) {
      case DemoFailure failure ->
          say(err, failure.exitCode(), String.valueOf(failure.getMessage()), failure.details());
      case IOException environment ->
          say(
              err,
              ExitCode.FAILED,
              String.valueOf(environment.getMessage()),
              List.of("(" + environment.getClass().getSimpleName() + ")"));
      default -> {
        e.printStackTrace(err);
        yield say(err, ExitCode.BUG, "this is a mistake in Hanse; please report it.", List.of());
      }
    };
  }

  private static int say(PrintWriter err, ExitCode code, String cause, List<String> details) {
    err.println("hanse: " + cause);
    details.forEach(line -> err.println("  " + line));
    err.flush();
    return code.value();
  }
}
