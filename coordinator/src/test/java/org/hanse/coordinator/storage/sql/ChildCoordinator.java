package org.hanse.coordinator.storage.sql;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.List;
import org.hanse.coordinator.job.JobDescription;
import org.hanse.coordinator.storage.JobChange;
import org.hanse.coordinator.storage.JournalSamples;
import org.hanse.coordinator.storage.StorageException;
import org.hanse.coordinator.storage.StoredJob;
import org.hanse.coordinator.testing.TestJob;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.RoundId;
import org.hanse.wire.value.JobEventEntry;
import org.hanse.wire.value.JobEventValue;
import org.hanse.wire.value.WorkStage;

/** A coordinator's storage in a process of its own, which may be killed. */
final class ChildCoordinator implements AutoCloseable {
  static final JobId JOB = new JobId("job-1");

  /** Begins what this class says; libraries may say something too. */
  private static final String PREFIX = "child: ";

  private final Process process;
  private final BufferedReader output;

  private ChildCoordinator(Process process) {
    this.process = process;
    this.output = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
  }

  /** What it does. */
  enum Task {
    /** Opens the database, says how that went, and ends. */
    OPEN,
    /** Commits entries of a history, the last number first, and says each when it is committed. */
    COMMIT
  }

  static ChildCoordinator start(Task task, Settings settings) throws IOException {
    List<String> where =
        switch (settings) {
          case Settings.Sqlite sqlite -> List.of(sqlite.dataDirectory().toString());
          case Settings.Postgresql pg ->
              List.of(pg.dataDirectory().toString(), pg.url(), pg.user(), pg.password().get());
        };
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            ChildCoordinator.class.getName(),
            task.name());
    builder.command().addAll(where);
    return new ChildCoordinator(builder.redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  public static void main(String[] args) throws IOException {
    Path directory = Path.of(args[1]);
    Settings settings =
        args.length == 2
            ? new Settings.Sqlite(directory)
            : new Settings.Postgresql(directory, args[2], args[3], () -> args[4]);
    try (Database database = Database.open(settings)) {
      say("opened");
      if (Task.valueOf(args[0]) == Task.COMMIT) {
        commit(database);
      }
    } catch (StorageException e) {
      say(e.code().text());
    }
  }

  private static void commit(Database database) throws IOException {
    TestJob job = TestJob.of(TestJob.Shape.of(5).rounds(9).id(JOB.value()));
    RoundId round = new RoundId(JOB, 1);
    if (database
        .jobs()
        .create(
            new JobDescription(job.manifest(), job.exactBytes(), job.planHash(), "alice"),
            JournalSamples.NOW)) {
      database
          .jobs()
          .write(
              JOB,
              JournalSamples.NOW,
              List.of(new JobChange.RoundOpened(JournalSamples.firstOpening(JOB))));
    }
    StoredJob stored = database.jobs().jobs().getFirst();
    for (long number = stored.lastSequence() + 1; ; number++) {
      database
          .jobs()
          .write(
              JOB,
              JournalSamples.NOW,
              List.of(
                  new JobChange.EventTaken(JournalSamples.events(round).getFirst()),
                  new JobChange.Reported(
                      new JobEventEntry(
                          number,
                          number,
                          new JobEventValue.StageReached(
                              new AttemptId(round, 0), WorkStage.TRAIN, 5)))));
      say(Long.toString(number));
    }
  }

  private static void say(String text) {
    System.out.println(PREFIX + text);
    System.out.flush();
  }

  /** What it says next. */
  String line() throws IOException {
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith(PREFIX)) {
        return line.substring(PREFIX.length());
      }
    }
    throw new IOException("the child has ended");
  }

  /** SIGKILL; then what it had said before. */
  List<String> kill() {
    process.toHandle().destroyForcibly(); // Process.destroyForcibly would close the output
    process.onExit().join();
    return output
        .lines()
        .filter(
            line -> line.startsWith(PREFIX) && Character.isDigit(line.charAt(line.length() - 1)))
        .map(line -> line.substring(PREFIX.length()))
        .toList();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
