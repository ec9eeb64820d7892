package org.hanse.simulation.crash;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * Where the coordinators under test keep their rows: in a file, or with {@code
 * -Dhanse.crash.database=postgresql} on the server of the coordinator's own tests, in a process
 * that ends with this one. Where it cannot start, tests that need it are skipped, unless {@code
 * -Dhanse.postgresql.required} says that they must not be.
 */
final class ChosenDatabases {
  private static final String SERVER = "org.hanse.coordinator.storage.sql.PostgresqlServer";
  private static @Nullable Process server;
  private static @Nullable BufferedReader answers;

  private ChosenDatabases() {}

  static boolean isFile() {
    return !System.getProperty("hanse.crash.database", "sqlite").equals("postgresql");
  }

  static CrashBench.Databases chosen() {
    return isFile() ? Optional::empty : ChosenDatabases::onServer;
  }

  /** An empty database. */
  static synchronized Optional<PostgresqlDatabase> onServer() throws IOException {
    Process running = server;
    BufferedReader reader = answers;
    if (running == null || reader == null) {
      running = start();
      reader = new BufferedReader(new InputStreamReader(running.getInputStream(), UTF_8));
      server = running;
      answers = reader;
    }
    try {
      running.getOutputStream().write('\n');
      running.getOutputStream().flush();
    } catch (IOException e) {
      // It has ended, and answers nothing.
    }
    String url = reader.readLine();
    String user = reader.readLine();
    String password = reader.readLine();
    if (password != null) {
      return Optional.of(new PostgresqlDatabase(url, user, password));
    }
    String refusal = "PostgreSQL cannot start here";
    if (Boolean.getBoolean("hanse.postgresql.required")) {
      throw new IllegalStateException(refusal);
    }
    return Assumptions.abort(refusal);
  }

  private static Process start() throws IOException {
    Path built = Path.of(System.getProperty("hanse.home"), "coordinator", "target");
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            String.join(
                ":",
                built.resolve("test-classes").toString(),
                built.resolve("classes").toString(),
                Files.readString(built.resolve("test-class-path")).strip()),
            SERVER)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
