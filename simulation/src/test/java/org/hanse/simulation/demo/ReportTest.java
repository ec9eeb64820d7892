package org.hanse.simulation.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.hanse.client.trainer.Evaluation;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.SiteId;
import org.hanse.core.plan.Suite;
import org.hanse.simulation.attack.Attack;
import org.hanse.simulation.demo.Comparison.OwnModel;
import org.hanse.simulation.demo.DemoEvent.AttackEnded;
import org.hanse.simulation.demo.DemoEvent.AttemptAborted;
import org.hanse.simulation.demo.DemoEvent.Compared;
import org.hanse.simulation.demo.DemoEvent.CoordinatorKilled;
import org.hanse.simulation.demo.DemoEvent.CoordinatorRestarted;
import org.hanse.simulation.demo.DemoEvent.DealerConvicted;
import org.hanse.simulation.demo.DemoEvent.Dealt;
import org.hanse.simulation.demo.DemoEvent.Finished;
import org.hanse.simulation.demo.DemoEvent.Outcome;
import org.hanse.simulation.demo.DemoEvent.RoundFellShort;
import org.hanse.simulation.demo.DemoEvent.RoundPublished;
import org.hanse.simulation.demo.DemoEvent.ShareRefused;
import org.hanse.simulation.demo.DemoEvent.SiteKilled;
import org.hanse.simulation.demo.DemoEvent.SiteLeft;
import org.hanse.simulation.demo.DemoEvent.SiteRestarted;
import org.hanse.simulation.demo.DemoEvent.StageReached;
import org.hanse.simulation.demo.DemoEvent.Starting;
import org.hanse.simulation.demo.DemoEvent.Submitted;
import org.hanse.simulation.demo.DemoEvent.Trained;
import org.hanse.simulation.demo.DemoOptions.FederationOptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ReportTest {
  private static final SiteId SITE_1 = new SiteId("site-1");
  private static final SiteId SITE_2 = new SiteId("site-2");
  private static final JobId JOB = new JobId("digits-seed-1");

  private static final Comparison COMPARISON =
      new Comparison(
          new Evaluation(0.21, 0.95, 360),
          List.of(
              new OwnModel(SITE_1, new Evaluation(2.5, 0.55, 360)),
              new OwnModel(SITE_2, new Evaluation(2.25, 0.6, 360))),
          new Evaluation(0.125, 0.975, 360));

  private static final List<DemoEvent> ALL =
      List.of(
          new Dealt(
              List.of(SITE_1, SITE_2),
              List.of("0", "1"),
              List.of(List.of(10, 0), List.of(5, 7)),
              6),
          new Starting(Path.of("kept"), true),
          new Submitted(JOB, "ab".repeat(32), Suite.FLSA1_HYBRID),
          new StageReached(1, "train", 2),
          new SiteKilled(1, SITE_2),
          new SiteRestarted(SITE_2, 137),
          new CoordinatorKilled(1),
          new CoordinatorRestarted(137),
          new Trained(1, SITE_1),
          new SiteLeft(1, SITE_2, "GONE"),
          new ShareRefused(1, SITE_1, SITE_2, "BOX_UNREADABLE"),
          new AttemptAborted(1, 0, "SHARE_REFUSED"),
          new DealerConvicted(1, SITE_2),
          new RoundPublished(1, 2, 2.302, 0.125, 1.25, 36_000),
          new RoundFellShort(1, 1, 2, List.of(SITE_2)),
          new Compared(COMPARISON),
          new Finished(
              new Outcome(
                  JOB,
                  new FederationOptions(Example.DIGITS, 2, Optional.empty(), 1, Suite.FLSA1),
                  1,
                  COMPARISON,
                  "cd".repeat(32),
                  12.5,
                  Optional.of(Path.of("kept")))));

  @BeforeAll
  static void asTheProgramDoes() {
    Locale.setDefault(Locale.ROOT);
  }

  @Test
  void jsonLines_everyEvent_oneObjectALineWithItsName() throws Exception {
    List<JsonNode> lines = jsonLines();

    assertThat(lines.stream().map(line -> line.path("event").asText()))
        .containsExactly(
            "dealt",
            "starting",
            "submitted",
            "stage",
            "killed",
            "restarted",
            "coordinator-killed",
            "coordinator-restarted",
            "trained",
            "left",
            "share-refused",
            "aborted",
            "convicted",
            "round",
            "fell-short",
            "compared",
            "finished");
    assertThat(lines.getFirst().at("/sites/site-2/1").asInt()).isEqualTo(7);
    assertThat(lines.get(2).path("suite").asText()).isEqualTo("FLSA1-X25519MLKEM768-AES256CTR-Z32");
    assertThat(lines.get(13).path("accuracy").asDouble()).isEqualTo(0.125);
    assertThat(lines.get(14))
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    """
                    {"event":"fell-short","round":1,"sites":1,"planned":2,"died":["site-2"]}
                    """));
    assertThat(lines.get(10))
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    """
                    {"event":"share-refused","round":1,"holder":"site-1","dealer":"site-2",
                     "reason":"BOX_UNREADABLE"}
                    """));
    assertThat(lines.get(12))
        .isEqualTo(
            new ObjectMapper()
                .readTree("{\"event\":\"convicted\",\"round\":1,\"site\":\"site-2\"}"));
  }

  @Test
  void jsonLines_trained_hasItsSiteAndRound() throws Exception {
    assertThat(jsonLines().get(8))
        .isEqualTo(
            new ObjectMapper().readTree("{\"event\":\"trained\",\"round\":1,\"site\":\"site-1\"}"));
  }

  @Test
  void jsonLines_end_hasExactlyThePromisedFields() throws Exception {
    JsonNode expected =
        new ObjectMapper()
            .readTree(
                """
                {"event":"finished","job":"digits-seed-1","sites":2,"rounds":1,
                 "secureAggregation":true,"global":{"accuracy":0.95,"loss":0.21},
                 "bestSite":{"accuracy":0.6},"pooled":{"accuracy":0.975},
                 "modelSha256":"%s","wallSeconds":12.5}
                """
                    .formatted("cd".repeat(32)));

    assertThat(jsonLines().getLast()).isEqualTo(expected);
  }

  @Test
  void table_notOnATerminal_plainLinesWithoutControlCharacters() {
    String text = table(TableReport.Style.PLAIN);

    assertThat(text.lines())
        .contains(
            "               0     1   all",
            "site-1        10     .    10",
            "site-2         5     7    12",
            "    1  site-2 killed during its upload",
            "       site-2 had ended (exit code 137) and was started again",
            "    1  the coordinator killed while updates came in",
            "       the coordinator had ended (exit code 137) and was started again",
            "    1  site-1 says that its box from site-2 is bad (BOX_UNREADABLE): the next attempt is"
                + " without both",
            "    1  site-2 dealt shares of another secret than it committed to: it is out of this"
                + " job",
            "    1      2     12.5%   2.302      1.3    36.0 kB",
            "    1  ATTENTION: 1 sites were counted, not 2; died: [site-2].",
            "       The model is another than that of an undisturbed run.",
            "global model                       95.0%   0.210",
            "best single site (site-2)          60.0%   2.250",
            "all records pooled in one place    97.5%   0.125",
            "All files: kept");
    assertThat(text).doesNotContain("\033").doesNotContain("\r").doesNotContain("sites train");
  }

  @Test
  void table_onATerminal_passingLineIsWipedAndColourOnlyIfAllowed() {
    assertThat(table(new TableReport.Style(true, false)))
        .contains("\r\033[Kround 1: sites train, 2 sites\r\033[K")
        .endsWith("All files: kept\n\r\033[K")
        .doesNotContain("\033[31m");
    assertThat(table(new TableReport.Style(true, true)))
        .contains("\033[31msite-2 killed during its upload\033[0m");
  }

  private static List<JsonNode> jsonLines() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    JsonLinesReport report = new JsonLinesReport(new PrintStream(bytes, true, UTF_8));
    ALL.forEach(report::on);
    List<JsonNode> lines = new ArrayList<>();
    for (String line : bytes.toString(UTF_8).lines().toList()) {
      lines.add(new ObjectMapper().readTree(line));
    }
    return lines;
  }

  private static String table(TableReport.Style style) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    TableReport report = new TableReport(new PrintStream(bytes, true, UTF_8), style);
    ALL.forEach(report::on);
    report.end();
    return bytes.toString(UTF_8);
  }

  @Test
  void attackEnded_eitherReport_lastLineSaysWhoRefusedAndWhy() {
    String refused =
        """
        {"event":"attack","name":"forge-sum","refused":true,"by":"site-1","check":"RESULT_FORGED"}\
        """;
    String notRefused = "{\"event\":\"attack\",\"name\":\"forge-sum\",\"refused\":false}";

    for (boolean table : List.of(true, false)) {
      assertThat(lastLine(table, new AttackEnded(Attack.FORGE_SUM, true))).isEqualTo(refused);
      assertThat(lastLine(table, new AttackEnded(Attack.FORGE_SUM, false))).isEqualTo(notRefused);
    }
  }

  private static String lastLine(boolean table, DemoEvent event) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, UTF_8);
    Report report =
        table ? new TableReport(out, TableReport.Style.PLAIN) : new JsonLinesReport(out);
    report.on(event);
    return bytes.toString(UTF_8).lines().toList().getLast();
  }
}
