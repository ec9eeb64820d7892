package org.hanse.client.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.hanse.client.agent.CoordinatorException;
import org.hanse.client.cli.JobFollower.ProtocolViolationException;
import org.hanse.client.config.ConfigException;
import org.hanse.client.config.KeyFileException;
import org.hanse.client.config.Spelling;
import org.hanse.wire.status.ErrorReason;
import picocli.CommandLine;

/**
 * Turns what went wrong into text on standard error, with code, cause, next step and the page that
 * says more, and an exit code.
 */
final class ErrorPrinter
    implements CommandLine.IExecutionExceptionHandler, CommandLine.IParameterExceptionHandler {
  private static final Set<ErrorReason> AUTHORIZATION =
      EnumSet.of(
          ErrorReason.CERTIFICATE_REFUSED,
          ErrorReason.WRONG_ROLE,
          ErrorReason.NOT_A_MEMBER,
          ErrorReason.FOREIGN_SITE,
          ErrorReason.SIGNING_CERTIFICATE_REFUSED);

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
            ErrorCode.BAD_ARGUMENTS,
            String.valueOf(e.getMessage()) + suggestions,
            command.getCommandSpec().qualifiedName() + " --help"),
        command.getErr());
  }

  private static String suggestions(CommandLine.ParameterException e) {
    if (!(e instanceof CommandLine.UnmatchedArgumentException unmatched)) {
      return "";
    }
    String word = unmatched.getUnmatched().getFirst();
    Set<String> commands = e.getCommandLine().getSubcommands().keySet();
    if (!word.startsWith("-") && !commands.isEmpty()) {
      return Spelling.hint(word, commands);
    }
    List<String> options = unmatched.getSuggestions();
    return options.isEmpty() ? "" : "; did you mean " + String.join(" or ", options) + "?";
  }

  private static int print(CommandFailure failure, PrintWriter err) {
    err.println("hanse: " + failure.code());
    String.valueOf(failure.getMessage()).lines().forEach(line -> err.println("  " + line));
    err.println("  Next: " + failure.next());
    err.println("  Docs: " + failure.page());
    err.flush();
    return failure.exitCode();
  }

  private static CommandFailure failureOf(Exception e) {
    return switch (e) {
      case CommandFailure failure -> failure;
      case ConfigException config ->
          new CommandFailure(
              ErrorCode.CONFIG_INVALID,
              config.file() + " cannot be used:\n" + String.join("\n", config.problems()),
              "correct the file; docs/configuration.md explains every setting");
      case CoordinatorException refused -> failureOf(refused);
      case InterruptedException interrupted ->
          new CommandFailure(ErrorCode.INTERRUPTED, "stopped before it was done", "run it again");
      case KeyFileException keys ->
          new CommandFailure(
              ErrorCode.KEY_FILE_UNUSABLE,
              String.valueOf(keys.getMessage()),
              "correct the file, or its path in the configuration");
      case ProtocolViolationException violation ->
          violation(String.valueOf(violation.getMessage()));
      case NoSuchFileException missing -> fileFailure(missing, "does not exist");
      case AccessDeniedException denied -> fileFailure(denied, "may not be read or written");
      case IOException io ->
          new CommandFailure(
              ErrorCode.FILE_FAILED,
              io.getMessage() == null ? io.toString() : io.getMessage(),
              "see to the file or the disk, then run it again");
      default -> ourBug(e);
    };
  }

  private static CommandFailure fileFailure(FileSystemException e, String what) {
    return new CommandFailure(ErrorCode.FILE_UNUSABLE, e.getFile() + " " + what, "check the path");
  }

  private static CommandFailure failureOf(CoordinatorException e) {
    String message = String.valueOf(e.getMessage());
    return switch (e.problem()) {
      case REFUSED -> refused(e.reason().orElseThrow(), message);
      case NO_ANSWER ->
          new CommandFailure(
              ErrorCode.CONNECTION_FAILED,
              "no answer from the coordinator: " + message,
              "check that it runs, and the address and certificates in the configuration file");
      case PROTOCOL_VIOLATION -> violation(message);
      case OTHER_SITE ->
          new CommandFailure(
              ErrorCode.SITE_MISMATCH,
              message,
              "give the configuration the site and the certificate of one and the same site");
    };
  }

  private static CommandFailure violation(String message) {
    return new CommandFailure(
        ErrorCode.PROTOCOL_VIOLATION,
        message,
        "run it again; if it stays so, ask the coordinator's administrator which version runs");
  }

  private static CommandFailure refused(ErrorReason reason, String message) {
    int exitCode = ExitCode.FAILED;
    if (AUTHORIZATION.contains(reason)) {
      exitCode = ExitCode.CONNECTION_OR_AUTHORIZATION;
    } else if (reason == ErrorReason.CALL_TIMED_OUT) {
      exitCode = ExitCode.TIMEOUT;
    }
    String next =
        switch (reason.duty()) {
          case FIX ->
              reason == ErrorReason.UNKNOWN_JOB ? "hanse job list" : "see what the page below says";
          case RETRY, REJOIN, RESUME -> "run it again";
        };
    return CommandFailure.refused(reason, exitCode, "the coordinator refused: " + message, next);
  }

  private static CommandFailure ourBug(Exception e) {
    StringWriter trace = new StringWriter();
    e.printStackTrace(new PrintWriter(trace));
    return new CommandFailure(
        ErrorCode.INTERNAL_ERROR, trace.toString(), "report it with the text above");
  }
}
