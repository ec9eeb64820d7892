package org.hanse.client.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.hanse.client.audit.KeptJob;
import org.hanse.client.audit.RoundAudit;
import org.hanse.client.audit.RoundFinding;
import org.hanse.client.audit.SiteView;
import org.hanse.core.plan.AggregationPlan;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hanse audit round}. */
@Command(
    name = "round",
    description = {
      "Check rounds offline, from their transcripts and what was kept beside them, without trusting",
      "the coordinator: signatures, quorum, the released secrets, uploads, the sum recomputed from",
      "them, and the model. Exit code 0 if all holds, 1 if anything does not.",
      "Compare the plan hash that is printed with the one you approved."
    },
    mixinStandardHelpOptions = true)
final class AuditRoundCommand implements Callable<Integer> {
  private final ResearcherTools tools;

  /** What was found, for programs. */
  private final List<Map<String, Object>> findings = new ArrayList<>();

  @Parameters(
      paramLabel = "DIR",
      description = "a coordinator's data directory, or one that the demo kept")
  private Path directory = Path.of("");

  @Option(names = "--round", paramLabel = "N", description = "this round alone; all by default")
  private @Nullable Long round;

  @Option(
      names = "--full",
      description = {
        "recompute every chunk of the sum, not " + AggregationPlan.DEFAULT_AUDIT_CHUNKS + " random",
        "ones; uploads, sum and models must have been kept"
      })
  private boolean full;

  @Option(
      names = "--site",
      paramLabel = "STATE",
      description = {
        "also compare with the journal in this client's state directory: what it signed, and the",
        "model it made of the result whose tag it checked"
      })
  private @Nullable Path site;

  @Mixin private OutputFormat.Choice output = new OutputFormat.Choice();

  AuditRoundCommand(ResearcherTools tools) {
    this.tools = tools;
  }

  @Override
  public Integer call() throws Exception {
    KeptJob.Found found = jobs();
    RoundAudit.Scope scope =
        new RoundAudit.Scope(
            full, AggregationPlan.DEFAULT_AUDIT_CHUNKS, new SecureRandom(), siteView());
    int broken = 0;
    int audited = 0;
    for (KeptJob job : found.jobs()) {
      RoundAudit audit = new RoundAudit(job, scope);
      List<RoundFinding> rounds = new ArrayList<>();
      for (long number : round == null ? job.published() : List.of(round)) {
        rounds.add(audit.audit(number));
      }
      if (round == null) {
        rounds.addAll(audit.missing());
      }
      begin(job, rounds.size());
      rounds.forEach(finding -> print(job, finding));
      audited += (int) rounds.stream().filter(f -> !(f instanceof RoundFinding.Unfinished)).count();
      broken += (int) rounds.stream().filter(RoundFinding.Broken.class::isInstance).count();
    }
    for (String problem : found.unreadable()) {
      audited++;
      broken++;
      printUnreadable(problem);
    }
    finish(audited, broken);
    return ExitCode.DONE;
  }

  private KeptJob.Found jobs() throws IOException, CommandFailure {
    if (!Files.isDirectory(directory)) {
      throw new CommandFailure(
          ErrorCode.FILE_UNUSABLE, directory + " is no directory", "check the path");
    }
    KeptJob.Found found = KeptJob.find(directory);
    List<KeptJob> jobs = new ArrayList<>();
    for (KeptJob job : found.jobs()) {
      boolean wanted =
          round == null
              ? !job.published().isEmpty() || !job.withoutTranscript().isEmpty()
              : job.published().contains(round);
      if (wanted) {
        jobs.add(job);
      }
    }
    if (jobs.isEmpty() && found.unreadable().isEmpty()) {
      throw new CommandFailure(
          ErrorCode.FILE_UNUSABLE,
          directory + " holds no transcript of " + (round == null ? "any round" : "round " + round),
          "name a coordinator's data directory, or one kept with: hanse demo --keep DIR");
    }
    return new KeptJob.Found(jobs, found.unreadable());
  }

  private Optional<SiteView> siteView() throws IOException, CommandFailure {
    if (site == null) {
      return Optional.empty();
    }
    if (!Files.exists(site.resolve("journal"))) {
      boolean above = Files.exists(site.resolve("state").resolve("journal"));
      throw new CommandFailure(
          ErrorCode.FILE_UNUSABLE,
          site.resolve("journal") + " does not exist",
          above ? "--site " + site.resolve("state") : "name the state directory of a client");
    }
    return Optional.of(SiteView.of(site));
  }

  private void begin(KeptJob job, int rounds) {
    if (output.format() == OutputFormat.TABLE) {
      PrintWriter out = tools.out();
      out.printf("job %s: %s%n", job.manifest().job(), job.manifest().title());
      out.printf("  plan hash %s%n", job.planHash());
      out.printf("  %d %s to audit%n%n", rounds, rounds == 1 ? "round" : "rounds");
      out.printf("  %-6s %-6s %-18s %s%n", "round", "sites", "chunks recomputed", "finding");
    }
  }

  private void print(KeptJob job, RoundFinding finding) {
    if (output.format() != OutputFormat.TABLE) {
      Map<String, Object> fields = fields(job, finding);
      findings.add(fields);
      if (output.format() == OutputFormat.JSONL) {
        tools.out().println(JsonOutput.line(fields));
      }
      return;
    }
    switch (finding) {
      case RoundFinding.Holds holds ->
          tools
              .out()
              .printf(
                  "  %-6d %-6d %-18s holds%s%n",
                  holds.round(),
                  holds.sites(),
                  holds.recomputed() + " of " + holds.chunks(),
                  holds.notChecked().isEmpty() ? "" : "; not checked: " + names(holds));
      case RoundFinding.Broken broken ->
          tools
              .out()
              .printf(
                  "  %-6d %-6s %-18s BROKEN: %s%n%35s(%s: %s)%n",
                  broken.round(),
                  "-",
                  "-",
                  broken.check().failure(),
                  "",
                  JsonOutput.name(broken.check()),
                  broken.detail());
      case RoundFinding.Unfinished unfinished ->
          tools
              .out()
              .printf(
                  "  %-6d %-6s %-18s no transcript: the round still runs, or it was taken away%n",
                  unfinished.round(), "-", "-");
    }
  }

  private void printUnreadable(String problem) {
    if (output.format() == OutputFormat.TABLE) {
      tools.out().printf("BROKEN: %s%n", problem);
      return;
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    if (output.format() == OutputFormat.JSONL) {
      fields.put("event", "audit-job");
    }
    fields.put("holds", false);
    fields.put("detail", problem);
    findings.add(fields);
    if (output.format() == OutputFormat.JSONL) {
      tools.out().println(JsonOutput.line(fields));
    }
  }

  private static String names(RoundFinding.Holds holds) {
    return String.join(", ", holds.notChecked().stream().map(JsonOutput::name).toList());
  }

  private Map<String, Object> fields(KeptJob job, RoundFinding finding) {
    Map<String, Object> fields = new LinkedHashMap<>();
    if (output.format() == OutputFormat.JSONL) {
      fields.put("event", "audit-round");
    }
    fields.put("job", job.manifest().job().value());
    fields.put("planHash", job.planHash().toHex());
    fields.put("round", finding.round());
    switch (finding) {
      case RoundFinding.Holds holds -> {
        fields.put("holds", true);
        fields.put("attempt", holds.attempt().attempt());
        fields.put("sites", holds.sites());
        fields.put("chunksRecomputed", holds.recomputed());
        fields.put("chunks", holds.chunks());
        fields.put("notChecked", holds.notChecked().stream().map(JsonOutput::name).toList());
        fields.put("modelHash", holds.nextModelHash().toHex());
      }
      case RoundFinding.Broken broken -> {
        fields.put("holds", false);
        fields.put("check", JsonOutput.name(broken.check()));
        fields.put("detail", broken.detail());
      }
      case RoundFinding.Unfinished unfinished -> fields.put("published", false);
    }
    return fields;
  }

  private void finish(int audited, int broken) throws CommandFailure {
    if (output.format() != OutputFormat.TABLE) {
      Map<String, Object> fields = new LinkedHashMap<>();
      if (output.format() == OutputFormat.JSON) {
        fields.put("findings", findings);
      } else {
        fields.put("event", "audit");
      }
      fields.put("rounds", audited);
      fields.put("broken", broken);
      fields.put("holds", broken == 0);
      tools.out().println(JsonOutput.line(fields));
    } else if (broken == 0) {
      tools.out().printf("%nAll that was kept of %d round(s) holds.%n", audited);
    } else {
      tools.out().println();
    }
    tools.out().flush();
    if (broken > 0) {
      throw new CommandFailure(
          ErrorCode.AUDIT_FAILED,
          broken + " of " + audited + " round(s) do not hold",
          "keep these files as they are and show them to the other institutions");
    }
  }
}
