package org.hanse.simulation.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import org.hanse.client.trainer.Evaluation;
import org.hanse.core.plan.SiteId;
import org.hanse.simulation.attack.Attack;
import org.hanse.simulation.demo.Comparison.OwnModel;
import org.hanse.simulation.demo.DemoEvent.AttackBegins;
import org.hanse.simulation.demo.DemoEvent.AttackEnded;
import org.hanse.simulation.demo.DemoEvent.AttemptAborted;
import org.hanse.simulation.demo.DemoEvent.Compared;
import org.hanse.simulation.demo.DemoEvent.CoordinatorKilled;
import org.hanse.simulation.demo.DemoEvent.CoordinatorRestarted;
import org.hanse.simulation.demo.DemoEvent.DealerConvicted;
import org.hanse.simulation.demo.DemoEvent.Dealt;
import org.hanse.simulation.demo.DemoEvent.Finished;
import org.hanse.simulation.demo.DemoEvent.JobPaused;
import org.hanse.simulation.demo.DemoEvent.JobResumed;
import org.hanse.simulation.demo.DemoEvent.Lied;
import org.hanse.simulation.demo.DemoEvent.Outcome;
import org.hanse.simulation.demo.DemoEvent.RoundFellShort;
import org.hanse.simulation.demo.DemoEvent.RoundPublished;
import org.hanse.simulation.demo.DemoEvent.ShareRefused;
import org.hanse.simulation.demo.DemoEvent.SiteKilled;
import org.hanse.simulation.demo.DemoEvent.SiteLeft;
import org.hanse.simulation.demo.DemoEvent.SiteRefused;
import org.hanse.simulation.demo.DemoEvent.SiteRestarted;
import org.hanse.simulation.demo.DemoEvent.StageReached;
import org.hanse.simulation.demo.DemoEvent.Starting;
import org.hanse.simulation.demo.DemoEvent.Submitted;
import org.hanse.simulation.demo.DemoEvent.Trained;

/** One JSON object a line, for programs. */
public final class JsonLinesReport implements Report {
  private final ObjectMapper json = new ObjectMapper();
  private final PrintStream out;

  public JsonLinesReport(PrintStream out) {
    this.out = out;
  }

  @Override
  public void on(DemoEvent event) {
    ObjectNode line = json.createObjectNode();
    switch (event) {
      case Dealt dealt -> dealt(line.put("event", "dealt"), dealt);
      case Starting starting -> {
        line.put("event", "starting");
        if (starting.kept()) {
          line.put("directory", starting.directory().toString());
        }
      }
      case Submitted submitted ->
          line.put("event", "submitted")
              .put("job", submitted.job().value())
              .put("planHash", submitted.planHash())
              .put("suite", submitted.suite().protocolName());
      case StageReached stage ->
          line.put("event", "stage")
              .put("round", stage.round())
              .put("stage", stage.stage())
              .put("sites", stage.sites());
      case RoundPublished round -> round(line.put("event", "round"), round);
      case RoundFellShort round -> fellShort(line.put("event", "fell-short"), round);
      case SiteLeft left ->
          ofSite(line, "left", left.round(), left.site()).put("reason", left.reason());
      case AttemptAborted aborted ->
          line.put("event", "aborted")
              .put("round", aborted.round())
              .put("attempt", aborted.attempt())
              .put("reason", aborted.reason());
      case ShareRefused refused -> shareRefused(line.put("event", "share-refused"), refused);
      case DealerConvicted convicted ->
          ofSite(line, "convicted", convicted.round(), convicted.site());
      case SiteKilled killed -> ofSite(line, "killed", killed.round(), killed.site());
      case Trained trained -> ofSite(line, "trained", trained.round(), trained.site());
      case JobPaused paused ->
          line.put("event", "paused").put("reason", paused.reason()).put("by", paused.by());
      case JobResumed resumed -> line.put("event", "resumed").put("by", resumed.by());
      case CoordinatorKilled killed ->
          line.put("event", "coordinator-killed").put("round", killed.round());
      case CoordinatorRestarted restarted ->
          line.put("event", "coordinator-restarted").put("exitCode", restarted.exitCode());
      case SiteRestarted restarted ->
          line.put("event", "restarted")
              .put("site", restarted.site().value())
              .put("exitCode", restarted.exitCode());
      case AttackBegins begins ->
          line.put("event", "attacking").put("name", begins.attack().label());
      case Lied lied -> line.put("event", "lied").put("words", lied.words());
      case SiteRefused refused -> refused(line.put("event", "refused"), refused);
      case AttackEnded ended -> attackEnded(line.put("event", "attack"), ended);
      case Compared compared -> compared(line.put("event", "compared"), compared.comparison());
      case Finished finished -> finished(line.put("event", "finished"), finished.outcome());
    }
    print(line);
  }

  private static ObjectNode ofSite(ObjectNode line, String event, long round, SiteId site) {
    return line.put("event", event).put("round", round).put("site", site.value());
  }

  private static void fellShort(ObjectNode line, RoundFellShort round) {
    line.put("round", round.round()).put("sites", round.sites()).put("planned", round.planned());
    ArrayNode died = line.putArray("died");
    round.died().forEach(site -> died.add(site.value()));
  }

  private static void shareRefused(ObjectNode line, ShareRefused refused) {
    line.put("round", refused.round())
        .put("holder", refused.holder().value())
        .put("dealer", refused.dealer().value())
        .put("reason", refused.reason());
  }

  private static void refused(ObjectNode line, SiteRefused refused) {
    line.put("site", refused.site().value())
        .put("round", refused.round())
        .put("check", refused.check())
        .put("explanation", refused.explanation());
  }

  private static void attackEnded(ObjectNode line, AttackEnded ended) {
    line.put("name", ended.attack().label()).put("refused", ended.refused());
    if (ended.refused()) {
      Attack.Refusal decisive = ended.attack().refusals().getFirst();
      line.put("by", decisive.site().value()).put("check", decisive.check());
    }
  }

  private static void dealt(ObjectNode line, Dealt dealt) {
    ObjectNode sites = line.putObject("sites");
    for (int site = 0; site < dealt.sites().size(); site++) {
      ObjectNode counts = sites.putObject(dealt.sites().get(site).value());
      for (int i = 0; i < dealt.classes().size(); i++) {
        counts.put(dealt.classes().get(i), dealt.counts().get(site).get(i));
      }
    }
    line.put("heldOut", dealt.heldOut());
  }

  private static void round(ObjectNode line, RoundPublished round) {
    line.put("round", round.round())
        .put("sites", round.sites())
        .put("accuracy", round.accuracy())
        .put("loss", round.loss())
        .put("seconds", round.seconds())
        .put("uploadedBytes", round.uploadedBytes());
  }

  private static void compared(ObjectNode line, Comparison comparison) {
    evaluation(line.putObject("global"), comparison.global());
    ObjectNode sites = line.putObject("sites");
    for (OwnModel model : comparison.sites()) {
      evaluation(sites.putObject(model.site().value()), model.evaluation());
    }
    evaluation(line.putObject("pooled"), comparison.pooled());
  }

  private static void evaluation(ObjectNode line, Evaluation evaluation) {
    line.put("accuracy", evaluation.accuracy()).put("loss", evaluation.loss());
  }

  private static void finished(ObjectNode line, Outcome outcome) {
    Comparison comparison = outcome.comparison();
    line.put("job", outcome.job().value())
        .put("sites", outcome.options().sites())
        .put("rounds", outcome.rounds())
        .put("secureAggregation", outcome.options().secureAggregation());
    line.putObject("global")
        .put("accuracy", comparison.global().accuracy())
        .put("loss", comparison.global().loss());
    line.putObject("bestSite").put("accuracy", comparison.bestSite().evaluation().accuracy());
    line.putObject("pooled").put("accuracy", comparison.pooled().accuracy());
    line.put("modelSha256", outcome.modelSha256()).put("wallSeconds", outcome.wallSeconds());
  }

  private void print(ObjectNode line) {
    try {
      out.println(json.writeValueAsString(line));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree is always JSON", e);
    }
    out.flush();
  }
}
