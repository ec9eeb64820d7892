package org.hanse.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.hanse.client.agent.AgentEvents;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.RoundId;
import org.hanse.core.plan.SiteId;
import org.hanse.core.secagg.AbortReason;
import org.hanse.wire.value.JobState;
import org.junit.jupiter.api.Test;

class AgentReporterTest {
  private static final JobId JOB = new JobId("digits-1");
  private static final RoundId ROUND = new RoundId(JOB, 3);
  private static final Hash HASH = Hash.of(new byte[32]);
  private static final String ZEROS = "00".repeat(32);

  private static List<String> lines(boolean jsonLines) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    AgentEvents reporter =
        new AgentReporter(new PrintStream(out, true, StandardCharsets.UTF_8), jsonLines);
    reporter.connected(new SiteId("site-1"));
    reporter.disconnected("connection refused");
    reporter.awaitingApproval(JOB, HASH);
    reporter.training(ROUND);
    reporter.trained(ROUND, 23_456_789);
    reporter.aggregating(ROUND, 2);
    reporter.roundClosed(ROUND, HASH);
    reporter.refused(ROUND, "POLICY", "the \"cohort\" is small");
    reporter.roundSpent(ROUND, Optional.of(AbortReason.RESULT_IMPLAUSIBLE));
    reporter.jobEnded(JOB, JobState.FAILED, Optional.of(AbortReason.ROUNDS_DISCARDED));
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  void events_asJsonLines_areOneDocumentEach() {
    assertThat(lines(true))
        .containsExactly(
            "{\"event\":\"connected\",\"site\":\"site-1\"}",
            "{\"event\":\"disconnected\"}",
            "{\"event\":\"awaiting-approval\",\"job\":\"digits-1\",\"planHash\":\"" + ZEROS + "\"}",
            "{\"event\":\"training\",\"job\":\"digits-1\",\"round\":3}",
            "{\"event\":\"trained\",\"job\":\"digits-1\",\"round\":3}",
            "{\"event\":\"aggregating\",\"job\":\"digits-1\",\"round\":3,\"attempt\":2}",
            "{\"event\":\"round-closed\",\"job\":\"digits-1\",\"round\":3,\"ok\":true,"
                + "\"modelHash\":\""
                + ZEROS
                + "\"}",
            "{\"event\":\"refused\",\"job\":\"digits-1\",\"round\":3,\"reason\":\"POLICY\","
                + "\"explanation\":\"the \\\"cohort\\\" is small\"}",
            "{\"event\":\"round-spent\",\"job\":\"digits-1\",\"round\":3,"
                + "\"reason\":\"result-implausible\"}",
            "{\"event\":\"job-ended\",\"job\":\"digits-1\",\"state\":\"failed\","
                + "\"reason\":\"rounds-discarded\"}");
  }

  /** Standard output is for data: people read the log. */
  @Test
  void events_forPeople_leaveStandardOutputEmpty() {
    assertThat(lines(false)).isEmpty();
  }
}
