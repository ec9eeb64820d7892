package org.hanse.client.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.hanse.client.agent.CoordinatorException;
import org.hanse.client.config.ConfigException;
import org.hanse.client.config.job.ResearcherConfig;
import org.hanse.client.config.job.ResearcherConfigFile;
import org.hanse.client.grpc.JobClient;
import org.hanse.wire.status.ErrorReason.Duty;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of every command that asks the coordinator something, and how it asks. */
final class ConnectionOptions {
  /** A call that broke is made again so often; every call may be. */
  private static final int TRIES = 3;

  private static final long FIRST_PAUSE_MILLIS = 200;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      defaultValue = "researcher.yaml",
      description = "who you are and where the coordinator is (default: ${DEFAULT-VALUE})")
  private Path config = Path.of("researcher.yaml");

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      description = "give up after so long, such as 90s or 10m")
  private @Nullable String timeout;

  /** What to do with a connection. */
  @FunctionalInterface
  interface Use<T> {
    T with(JobClient jobs, TimeLimit limit)
        throws CommandFailure, CoordinatorException, InterruptedException, IOException;
  }

  /**
   * Opens a connection, uses it and closes it.
   *
   * @param usual the time limit where the user gives none
   */
  <T> T connect(ResearcherTools tools, Duration usual, Use<T> use)
      throws ConfigException,
          CommandFailure,
          CoordinatorException,
          InterruptedException,
          IOException {
    TimeLimit limit = TimeLimit.startingNow(givenTimeout().orElse(usual));
    ResearcherConfig researcher = ResearcherConfigFile.read(config);
    try (ResearcherTools.Connection connection = tools.connector().open(researcher)) {
      return use.with(connection.jobs(), limit);
    } catch (CoordinatorException e) {
      if (limit.isOver()) {
        throw limit.failure();
      }
      throw e;
    }
  }

  /** Makes a short call, again if it broke, within the limit. */
  static <T> T ask(ResearcherTools tools, TimeLimit limit, Call<T> call)
      throws CommandFailure, CoordinatorException, InterruptedException, IOException {
    long pause = FIRST_PAUSE_MILLIS;
    for (int tryNumber = 1; ; tryNumber++) {
      try {
        return call.make();
      } catch (CoordinatorException e) {
        if (tryNumber == TRIES || e.duty() != Duty.RETRY) {
          throw e;
        }
        limit.pause(tools.pause(), e.retryAfter().map(Duration::toMillis).orElse(pause));
        pause *= 2;
      }
    }
  }

  /** One call. */
  @FunctionalInterface
  interface Call<T> {
    T make() throws CoordinatorException, InterruptedException, IOException;
  }

  private Optional<Duration> givenTimeout() throws CommandFailure {
    return timeout == null
        ? Optional.empty()
        : Optional.of(Arguments.duration("--timeout", timeout));
  }
}
