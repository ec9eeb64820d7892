package org.hanse.client.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.hanse.client.config.job.JobDraft;
import org.hanse.client.config.job.JobFile;
import org.hanse.client.trainer.LocalTrainer;
import org.hanse.core.crypto.ModelHash;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobManifest;
import org.hanse.core.secagg.Contexts;
import org.hanse.core.vector.FloatVector;
import org.hanse.wire.ManifestCodec;
import org.hanse.wire.value.JobPriority;
import org.hanse.wire.value.SubmitPart;
import org.hanse.wire.value.SubmitReceipt;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hanse job submit}. */
@Command(
    name = "submit",
    description = {
      "Make a job's manifest and initial model from a job file and submit both.",
      "Submitting the same file with the same id again changes nothing."
    },
    mixinStandardHelpOptions = true)
final class JobSubmitCommand implements Callable<Integer> {
  private static final Duration USUAL_TIMEOUT = Duration.ofMinutes(10);
  private static final int ID_SUFFIX_BYTES = 4;

  private final ResearcherTools tools;

  @Parameters(paramLabel = "FILE", description = "the job file; examples/ holds some")
  private Path file = Path.of("");

  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Mixin private OutputFormat.Choice output = new OutputFormat.Choice();

  @Option(
      names = "--priority",
      paramLabel = "PRIORITY",
      defaultValue = "normal",
      description = "low, normal or high: how often its turn comes beside your other jobs")
  private JobPriority priority = JobPriority.NORMAL;

  @Option(names = "--dry-run", description = "check the file and print the hashes; send nothing")
  private boolean dryRun;

  JobSubmitCommand(ResearcherTools tools) {
    this.tools = tools;
  }

  @Override
  public Integer call() throws Exception {
    AtomicBoolean named = new AtomicBoolean();
    JobDraft draft =
        JobFile.read(
            file,
            () -> {
              named.set(true);
              return randomSuffix();
            });
    FloatVector initialModel;
    try (LocalTrainer trainer = tools.trainer().get()) {
      initialModel =
          trainer.initialParameters(draft.training().model(), draft.training().local().seed());
    }
    JobManifest manifest = draft.manifest(ModelHash.of(initialModel.segment()));
    Bytes exactBytes = ManifestCodec.encode(manifest);
    Hash planHash = Contexts.planHash(exactBytes);
    if (dryRun) {
      print(manifest, planHash, false);
      return ExitCode.DONE;
    }
    if (named.get()) {
      // Whatever happens to the answer, the very same job can be submitted again.
      tools.err().println("Submitting " + manifest.job() + "; its file names no id.");
      tools.err().println("To submit this job again, add to the file: id: " + manifest.job());
      tools.err().flush();
    }
    SubmitReceipt receipt =
        connection.connect(
            tools,
            USUAL_TIMEOUT,
            (jobs, limit) ->
                ConnectionOptions.ask(
                    tools,
                    limit,
                    () ->
                        jobs.submit(
                            new SubmitPart.Manifest(exactBytes, priority),
                            initialModel,
                            limit.remaining())));
    if (!receipt.planHash().equals(planHash) || !receipt.job().equals(manifest.job())) {
      throw new CommandFailure(
          ErrorCode.RECEIPT_MISMATCH,
          "the coordinator confirmed another job or manifest than the one that was sent",
          "do not approve it anywhere; ask the coordinator's administrator");
    }
    print(manifest, planHash, receipt.created());
    return ExitCode.DONE;
  }

  private void print(JobManifest manifest, Hash planHash, boolean created) {
    PrintWriter out = tools.out();
    PrintWriter err = tools.err();
    String job = manifest.job().value();
    String modelHash = manifest.training().initialModelHash().toHex();
    if (output.format() == OutputFormat.TABLE) {
      out.println("job                " + job);
      out.println("plan hash          " + planHash);
      out.println("initial model      " + modelHash);
      out.println("parameters         " + manifest.layout().parameterCount());
    } else {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("job", job);
      fields.put("planHash", planHash.toHex());
      fields.put("initialModelHash", modelHash);
      fields.put("created", created);
      out.println(JsonOutput.line(fields));
    }
    out.flush();
    err.println(
        dryRun
            ? "Checked; nothing was sent."
            : created ? "Submitted." : "This very job was there already.");
    if (!dryRun) {
      err.println(
          "Each site's steward compares the plan hash with the one you give on another channel.");
      err.println("Next: hanse job watch " + job);
    }
    err.flush();
  }

  private static String randomSuffix() {
    byte[] random = new byte[ID_SUFFIX_BYTES];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }
}
