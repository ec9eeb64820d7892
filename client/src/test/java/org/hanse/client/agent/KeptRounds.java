package org.hanse.client.agent;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.Suite;
import org.hanse.wire.TranscriptMessages;

/** A job's directory, laid out as a coordinator that keeps all rounds lays it out. */
public final class KeptRounds {
  private KeptRounds() {}

  /** Runs two honest rounds with an agent and four peers; its state is beside the job's files. */
  public static Path write(Path directory) throws Exception {
    return write(directory, Suite.FLSA1);
  }

  public static Path write(Path directory, Suite suite) throws Exception {
    AgentFixture fixture =
        new AgentFixture(
            new TestJob(TestJob.Options.DEFAULT.rounds(2).suite(suite)),
            directory.resolve("site/state"));
    fixture.start();
    fixture.awaitJobEnd();
    fixture.stopAll();
    Path job = Files.createDirectories(directory.resolve("data/jobs/" + TestJob.ID));
    FakeConsortium consortium = fixture.consortium;
    Files.write(job.resolve("manifest.json"), consortium.manifestBytes.toByteArray());
    model(job, consortium, fixture.job.manifest().training().initialModelHash());
    for (Hash published : consortium.published) {
      model(job, consortium, published);
    }
    for (FakeConsortium.Closed closed : consortium.closed) {
      AttemptId attempt = closed.transcript().start().attempt();
      Path round = job.resolve("rounds/" + attempt.round().round());
      Path uploads =
          Files.createDirectories(round.resolve("attempt-" + attempt.attempt() + "/uploads"));
      Files.write(round.resolve("transcript"), TranscriptMessages.encode(closed.transcript()));
      Files.write(uploads.resolveSibling("sum"), closed.sum());
      for (Map.Entry<Fingerprint, byte[]> upload : closed.uploads().entrySet()) {
        Files.write(uploads.resolve(upload.getKey().toHex()), upload.getValue());
      }
    }
    return directory;
  }

  private static void model(Path job, FakeConsortium consortium, Hash hash) throws IOException {
    Files.write(
        Files.createDirectories(job.resolve("models")).resolve(hash.toHex()),
        consortium.model(hash).segment().toArray(ValueLayout.JAVA_BYTE));
  }
}
