package org.hanse.client.cli;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.hanse.client.agent.AgentEvents;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.RoundId;
import org.hanse.core.plan.SiteId;
import org.hanse.core.secagg.AbortReason;
import org.hanse.wire.value.JobState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells people in the log, and programs in JSON lines, what a site is doing. Nothing of it leaves
 * this machine. Thread-safe.
 */
final class AgentReporter implements AgentEvents {
  private static final Logger LOG = LoggerFactory.getLogger(AgentReporter.class);

  private final PrintStream out;
  private final boolean jsonLines;

  /** Reports to the log, and to {@code out} if {@code jsonLines}. */
  AgentReporter(PrintStream out, boolean jsonLines) {
    this.out = out;
    this.jsonLines = jsonLines;
  }

  @Override
  public void connected(SiteId site) {
    LOG.info("connected as {}", site);
    event("connected", Map.of("site", site.value()));
  }

  @Override
  public void disconnected(String why) {
    LOG.warn("no connection to the coordinator, trying again: {}", why);
    event("disconnected", Map.of());
  }

  @Override
  public void awaitingApproval(JobId job, Hash planHash) {
    LOG.warn(
        "job {} awaits approval. Compare its plan hash with the one the researcher gave you on"
            + " another channel, then add it to policy.approved-manifests: {}",
        job,
        planHash);
    event("awaiting-approval", fields("job", job.value(), "planHash", planHash.toHex()));
  }

  @Override
  public void training(RoundId round) {
    LOG.info("job {} round {}: training", round.job(), round.round());
    event("training", of(round));
  }

  @Override
  public void trained(RoundId round, long exampleCount) {
    LOG.info("job {} round {}: trained on {} records", round.job(), round.round(), exampleCount);
    event("trained", of(round));
  }

  @Override
  public void aggregating(RoundId round, int attempt) {
    LOG.info("job {} round {}: aggregating, attempt {}", round.job(), round.round(), attempt);
    Map<String, Object> fields = of(round);
    fields.put("attempt", attempt);
    event("aggregating", fields);
  }

  @Override
  public void roundClosed(RoundId round, Hash modelHash) {
    LOG.info(
        "job {} round {}: result checked, new model {}", round.job(), round.round(), modelHash);
    Map<String, Object> fields = of(round);
    fields.put("ok", true);
    fields.put("modelHash", modelHash.toHex());
    event("round-closed", fields);
  }

  @Override
  public void refused(RoundId round, String reason, String explanation) {
    LOG.warn("job {} round {}: refused, {}: {}", round.job(), round.round(), reason, explanation);
    Map<String, Object> fields = of(round);
    fields.put("reason", reason);
    fields.put("explanation", explanation);
    event("refused", fields);
  }

  @Override
  public void roundSpent(RoundId round, Optional<AbortReason> reason) {
    LOG.warn(
        "job {} round {}: this site has released, and there is no result that it can accept{}. The"
            + " round's update is deleted and never sent again",
        round.job(),
        round.round(),
        why(reason));
    Map<String, Object> fields = of(round);
    fields.put("reason", reason.map(JsonOutput::name).orElse(""));
    event("round-spent", fields);
  }

  @Override
  public void draining() {
    LOG.info("draining: this site finishes the rounds that it is in, and then ends");
    event("draining", Map.of());
  }

  @Override
  public void jobPaused(JobId job, Optional<AbortReason> reason) {
    LOG.info("job {}: paused{}; this site does nothing for it", job, why(reason));
    event(
        "job-paused",
        fields("job", job.value(), "reason", reason.map(JsonOutput::name).orElse("")));
  }

  @Override
  public void jobEnded(JobId job, JobState state, Optional<AbortReason> reason) {
    String how = JsonOutput.name(state);
    LOG.info("job {}: {}{}", job, how, why(reason));
    Map<String, Object> fields = fields("job", job.value(), "state", how);
    fields.put("reason", reason.map(JsonOutput::name).orElse(""));
    event("job-ended", fields);
  }

  private static String why(Optional<AbortReason> reason) {
    return reason.map(known -> " (" + JsonOutput.name(known) + ")").orElse("");
  }

  private static Map<String, Object> of(RoundId round) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("job", round.job().value());
    fields.put("round", round.round());
    return fields;
  }

  private static Map<String, Object> fields(
      String firstName, String firstValue, String secondName, String secondValue) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put(firstName, firstValue);
    fields.put(secondName, secondValue);
    return fields;
  }

  private void event(String name, Map<String, ?> fields) {
    if (!jsonLines) {
      return;
    }
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("event", name);
    line.putAll(fields);
    String text = JsonOutput.line(line);
    synchronized (this) {
      out.println(text);
      out.flush();
    }
  }
}
