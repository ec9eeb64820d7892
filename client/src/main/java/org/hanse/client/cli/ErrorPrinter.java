package org.hanse.client.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.EnumSet;
import java.util.Set;
import org.hanse.client.agent.CoordinatorException;
import org.hanse.client.config.ConfigException;
import org.hanse.wire.status.ErrorReason;
import picocli.CommandLine;

/**
 * Turns what went wrong into text on standard error, with code, cause and next step, and an exit
 * code.
 */
final class ErrorPrinter
    implements CommandLine.IExecutionExceptionHandler, CommandLine.IParameterExceptionHandler {
  private static final Set<ErrorReason> AUTHORIZATION =
      EnumSet.of(
          ErrorReason.NO_CERTIFICATE, ErrorReason.CERTIFICATE_REFUSED, ErrorReason.WRONG_ROLE);

  @Override
  public int handleExecutionException(
      Exception e, CommandLine command, CommandLine.ParseResult parsed) {
    return print(failureOf(e), command.getErr());
  }

  @Override
  public int handleParseException(CommandLine.ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    String suggestions = suggestions(e);
    return print(
        new CommandFailure(
            ExitCode.BAD_ARGUMENTS_OR_CONFIGURATION,
            "bad-arguments",
            String.valueOf(e.getMessage()) + suggestions,
            command.getCommandSpec().qualifiedName() + " --help"),
        command.getErr());
  }

  private static String suggestions(CommandLine.ParameterException e) {
    return e instanceof CommandLine.UnmatchedArgumentException unmatched
            && !unmatched.getSuggestions().isEmpty()
        ? "; did you mean " + String.join(" or ", unmatched.getSuggestions()) + "?"
        : "";
  }

  private static int print(CommandFailure failure, PrintWriter err) {
    err.println("hanse: " + failure.code());
    String.valueOf(failure.getMessage()).lines().forEach(line -> err.println("  " + line));
    err.println("  Next: " + failure.next());
    err.flush();
    return failure.exitCode();
  }

  private static CommandFailure failureOf(Exception e) {
    return switch (e) {
      case CommandFailure failure -> failure;
      case ConfigException config ->
          new CommandFailure(
              ExitCode.BAD_ARGUMENTS_OR_CONFIGURATION,
              "config-invalid",
              config.file() + " cannot be used:\n" + String.join("\n", config.problems()),
              "correct the file; docs/configuration.md explains every setting");
      case CoordinatorException refused -> failureOf(refused);
      case InterruptedException interrupted ->
          new CommandFailure(
              ExitCode.FAILED, "interrupted", "stopped before it was done", "run it again");
      case NoSuchFileException missing -> fileFailure(missing, "does not exist");
      case AccessDeniedException denied -> fileFailure(denied, "may not be read or written");
      case IOException io ->
          new CommandFailure(
              ExitCode.FAILED,
              "file-failed",
              io.getMessage() == null ? io.toString() : io.getMessage(),
              "see to the file or the disk, then run it again");
      default -> ourBug(e);
    };
  }

  private static CommandFailure fileFailure(java.nio.file.FileSystemException e, String what) {
    return new CommandFailure(
        ExitCode.BAD_ARGUMENTS_OR_CONFIGURATION,
        "file-unusable",
        e.getFile() + " " + what,
        "check the path");
  }

  private static CommandFailure failureOf(CoordinatorException e) {
    String message = String.valueOf(e.getMessage());
    if (e.reason().isEmpty()) {
      return new CommandFailure(
          ExitCode.CONNECTION_OR_AUTHORIZATION,
          "connection-failed",
          "no answer from the coordinator: " + message,
          "check that it runs, and the address and certificates in the configuration file");
    }
    ErrorReason reason = e.reason().get();
    return new CommandFailure(
        AUTHORIZATION.contains(reason)
            ? ExitCode.CONNECTION_OR_AUTHORIZATION
            : reason == ErrorReason.CALL_TIMED_OUT ? ExitCode.TIMEOUT : ExitCode.FAILED,
        reason.code(),
        "the coordinator refused: " + message,
        reason == ErrorReason.UNKNOWN_JOB
            ? "hanse job list"
            : "docs/protocol-errors.md explains every reason");
  }

  private static CommandFailure ourBug(Exception e) {
    java.io.StringWriter trace = new java.io.StringWriter();
    e.printStackTrace(new PrintWriter(trace));
    return new CommandFailure(
        ExitCode.OUR_BUG, "internal-error", trace.toString(), "report it with the text above");
  }
}
