package org.hanse.client.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.hanse.core.plan.JobId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hanse model export}. */
@Command(
    name = "export",
    description = {
      "Fetch a job's newest published model, or its best one, as a safetensors file.",
      "The file appears when it is whole and has the job's model hash; a broken download goes on",
      "where it stopped."
    },
    mixinStandardHelpOptions = true)
final class ModelExportCommand implements Callable<Integer> {
  private static final Duration USUAL_TIMEOUT = Duration.ofHours(1);

  private final ResearcherTools tools;

  @Parameters(paramLabel = "JOB", description = "the job's id")
  private String job = "";

  @Option(
      names = "--file",
      required = true,
      paramLabel = "FILE",
      description = "where to write the model; replaced if it is there")
  private Path file = Path.of("");

  @Option(
      names = "--best",
      description = "the best model by the metric of the job's \"stop\", not the newest one")
  private boolean best;

  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Mixin private OutputFormat.Choice output = new OutputFormat.Choice();

  ModelExportCommand(ResearcherTools tools) {
    this.tools = tools;
  }

  @Override
  public Integer call() throws Exception {
    JobId id = Arguments.jobId(job);
    Path target = file.toAbsolutePath().normalize();
    ModelExport.Choice choice = best ? ModelExport.Choice.BEST : ModelExport.Choice.NEWEST;
    ModelExport.Exported exported =
        connection.connect(
            tools,
            USUAL_TIMEOUT,
            (client, limit) -> new ModelExport(client, tools, target, choice, limit).run(id));
    if (output.format() == OutputFormat.TABLE) {
      tools
          .out()
          .printf(
              "%s: model of %s after round %d, %s%n",
              file, exported.job(), exported.rounds(), exported.modelHash());
    } else {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("job", exported.job().value());
      fields.put("rounds", exported.rounds());
      fields.put("modelHash", exported.modelHash().toHex());
      fields.put("file", file.toString());
      tools.out().println(JsonOutput.line(fields));
    }
    tools.out().flush();
    return ExitCode.DONE;
  }
}
