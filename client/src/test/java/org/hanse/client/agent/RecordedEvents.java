package org.hanse.client.agent;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.RoundId;
import org.hanse.core.plan.SiteId;
import org.hanse.core.secagg.AbortReason;
import org.hanse.wire.value.JobState;

/** Keeps events as lines. */
final class RecordedEvents implements AgentEvents {
  final List<String> lines = new CopyOnWriteArrayList<>();

  @Override
  public void connected(SiteId site) {
    lines.add("connected " + site);
  }

  @Override
  public void disconnected(String why) {
    lines.add("disconnected");
  }

  @Override
  public void awaitingApproval(JobId job, Hash planHash) {
    lines.add("awaiting-approval " + job + " " + planHash);
  }

  @Override
  public void training(RoundId round) {
    lines.add("training " + round);
  }

  @Override
  public void trained(RoundId round, long exampleCount) {
    lines.add("trained " + round + " " + exampleCount);
  }

  @Override
  public void aggregating(RoundId round, int attempt) {
    lines.add("aggregating " + round + "/" + attempt);
  }

  @Override
  public void roundClosed(RoundId round, Hash modelHash) {
    lines.add("round-closed " + round + " " + modelHash);
  }

  @Override
  public void refused(RoundId round, String reason, String explanation) {
    lines.add("refused " + round + " " + reason + " " + explanation);
  }

  @Override
  public void roundSpent(RoundId round, Optional<AbortReason> reason) {
    lines.add("round-spent " + round + reason.map(known -> " " + known).orElse(""));
  }

  @Override
  public void draining() {
    lines.add("draining");
  }

  @Override
  public void jobPaused(JobId job, Optional<AbortReason> reason) {
    lines.add("paused " + job);
  }

  @Override
  public void jobEnded(JobId job, JobState state, Optional<AbortReason> reason) {
    lines.add("job-ended " + job + " " + state + reason.map(known -> " " + known).orElse(""));
  }

  List<String> starting(String prefix) {
    return lines.stream().filter(line -> line.startsWith(prefix)).toList();
  }
}
