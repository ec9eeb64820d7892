package org.hanse.simulation.demo;

import java.io.PrintStream;
import java.util.List;
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

/** Tables and sentences, for people. */
public final class TableReport implements Report {
  private final PrintStream out;
  private final Style style;
  private boolean headed;

  /** Whether the stream is a terminal, and whether it may show colours. */
  public record Style(boolean terminal, boolean colour) {
    /** Plain text, one line after another. */
    public static final Style PLAIN = new Style(false, false);
  }

  public TableReport(PrintStream out, Style style) {
    this.out = out;
    this.style = style;
  }

  @Override
  public void on(DemoEvent event) {
    if (event instanceof StageReached stage) {
      passing(
          "round %d: %s, %d sites".formatted(stage.round(), phase(stage.stage()), stage.sites()));
      return;
    }
    passing("");
    switch (event) {
      case StageReached stage -> throw new IllegalStateException("shown above: " + stage);
      case Dealt dealt -> dealt(dealt);
      case Starting starting -> starting(starting);
      case Submitted submitted -> {
        line(
            "Job %s submitted; every site's steward has approved its plan"
                .formatted(submitted.job()));
        line("%s.".formatted(submitted.planHash()));
        line("Updates travel under %s.".formatted(submitted.suite().protocolName()));
        line("");
        passing("waiting for the sites");
      }
      case RoundPublished round -> round(round);
      case RoundFellShort round -> fellShort(round);
      case SiteLeft left ->
          line("%5d  %s is out: %s".formatted(left.round(), left.site(), left.reason()));
      case AttemptAborted aborted ->
          line(
              "%5d  attempt %d ended: %s"
                  .formatted(aborted.round(), aborted.attempt(), aborted.reason()));
      case ShareRefused refused ->
          line(
              "%5d  %s says that its box from %s is bad (%s): the next attempt is without both"
                  .formatted(
                      refused.round(), refused.holder(), refused.dealer(), refused.reason()));
      case DealerConvicted convicted ->
          line(
              "%5d  %s dealt shares of another secret than it committed to: it is out of this job"
                  .formatted(convicted.round(), convicted.site()));
      case SiteKilled killed -> killed(killed.round(), killed.site() + " killed during its upload");
      case CoordinatorKilled killed ->
          killed(killed.round(), "the coordinator killed while updates came in");
      case SiteRestarted restarted -> restarted(restarted.site().value(), restarted.exitCode());
      case CoordinatorRestarted restarted -> restarted("the coordinator", restarted.exitCode());
      case JobPaused paused -> line("       paused " + cause(paused));
      case JobResumed resumed -> line("       resumed by " + resumed.by());
      case Trained trained -> {
        // The round's line comes soon enough.
      }
      case AttackBegins begins -> attackBegins(begins.attack());
      case Lied lied -> line("  The coordinator %s.".formatted(lied.words()));
      case SiteRefused refused ->
          line(
              "  %s refuses: %s (%s)"
                  .formatted(refused.site(), red(refused.check()), refused.explanation()));
      case AttackEnded ended -> attackEnded(ended);
      case Compared compared -> compared(compared.comparison());
      case Finished finished -> finished(finished);
    }
  }

  @Override
  public void end() {
    passing("");
  }

  private void killed(long round, String what) {
    line("%5d  %s".formatted(round, red(what)));
  }

  private void restarted(String program, int exitCode) {
    line("       %s had ended (exit code %d) and was started again".formatted(program, exitCode));
  }

  private void attackBegins(Attack attack) {
    line("Attack %s: the coordinator %s".formatted(attack, attack.tries()));
    line("Unrefused, %s".formatted(attack.otherwise()));
    line("");
  }

  private void attackEnded(AttackEnded ended) {
    line("");
    if (ended.refused()) {
      ended
          .attack()
          .refusals()
          .forEach(refusal ->
              line("%s at %s: %s".formatted(refusal.check(), refusal.site(), refusal.why())));
      line("");
    }
    new JsonLinesReport(out).on(ended);
  }

  private void dealt(Dealt dealt) {
    line("Who holds what (records):");
    line("");
    int width = Math.max(5, dealt.classes().stream().mapToInt(String::length).max().orElse(0));
    StringBuilder head = new StringBuilder("%-10s".formatted(""));
    dealt.classes().forEach(name -> head.append(cell(name, width)));
    line(head.append(cell("all", width)).toString());
    for (int site = 0; site < dealt.sites().size(); site++) {
      List<Integer> counts = dealt.counts().get(site);
      StringBuilder row = new StringBuilder("%-10s".formatted(dealt.sites().get(site)));
      counts.forEach(count -> row.append(cell(count == 0 ? "." : count.toString(), width)));
      int all = counts.stream().mapToInt(Integer::intValue).sum();
      line(row.append(cell(Integer.toString(all), width)).toString());
    }
    line("");
    line("Held out, at no site, for the comparison: %d records.".formatted(dealt.heldOut()));
    line("");
  }

  private void starting(Starting starting) {
    line("Starting a coordinator and the sites, a process each, with mutual TLS on loopback.");
    if (starting.kept()) {
      line("Their files: %s".formatted(starting.directory()));
    }
    line("");
  }

  private void round(RoundPublished round) {
    if (!headed) {
      line("Accuracy and loss come from the sum alone: of the model that the round started from,");
      line("over the sites' own records.");
      line("");
      line("round  sites  accuracy    loss  seconds   received");
      headed = true;
    }
    line(
        "%5d  %5d  %7.1f%%  %6.3f  %7.1f  %9s"
            .formatted(
                round.round(),
                round.sites(),
                100 * round.accuracy(),
                round.loss(),
                round.seconds(),
                size(round.uploadedBytes())));
  }

  private void fellShort(RoundFellShort round) {
    line(
        "%5d  %s"
            .formatted(
                round.round(),
                red(
                    "ATTENTION: %d sites were counted, not %d; died: %s."
                        .formatted(round.sites(), round.planned(), round.died()))));
    line("       %s".formatted(red("The model is another than that of an undisturbed run.")));
  }

  private void compared(Comparison comparison) {
    line("");
    line("On the held-out records:");
    line("");
    line("                                accuracy    loss");
    measured("global model", comparison.global().accuracy(), comparison.global().loss());
    OwnModel best = comparison.bestSite();
    measured(
        "best single site (" + best.site() + ")",
        best.evaluation().accuracy(),
        best.evaluation().loss());
    measured(
        "all records pooled in one place",
        comparison.pooled().accuracy(),
        comparison.pooled().loss());
    line("");
  }

  private void measured(String what, double accuracy, double loss) {
    line("%-31s  %6.1f%%  %6.3f".formatted(what, 100 * accuracy, loss));
  }

  private static String cause(JobPaused paused) {
    return paused.by().isEmpty() ? "(" + paused.reason() + ")" : "by " + paused.by();
  }

  private void finished(Finished finished) {
    line("Model (safetensors), SHA-256 %s.".formatted(finished.outcome().modelSha256()));
    line("Done in %.1f seconds.".formatted(finished.outcome().wallSeconds()));
    finished.outcome().kept().ifPresent(directory -> line("All files: %s".formatted(directory)));
  }

  /** What a step of the protocol means to people. */
  private static String phase(String stage) {
    return switch (stage) {
      case "train" -> "sites train";
      case "start" -> "sites exchange keys";
      case "roster" -> "sites share secrets";
      case "shares" -> "sites upload";
      case "survivors" -> "sites confirm who was counted";
      case "quorum" -> "sites release the sum";
      case "result" -> "sites check the result";
      default -> stage;
    };
  }

  private static String cell(String text, int width) {
    return " ".repeat(1 + Math.max(0, width - text.length())) + text;
  }

  private static String size(long bytes) {
    return bytes < 10_000 ? bytes + " B" : "%.1f kB".formatted(bytes / 1_000.0);
  }

  private String red(String text) {
    return style.colour() ? "\033[31m" + text + "\033[0m" : text;
  }

  /** On a terminal, a line that the next one overwrites; nothing elsewhere. */
  private void passing(String text) {
    if (style.terminal()) {
      out.print("\r\033[K" + text);
      out.flush();
    }
  }

  private void line(String text) {
    out.println(text);
    out.flush();
  }
}
