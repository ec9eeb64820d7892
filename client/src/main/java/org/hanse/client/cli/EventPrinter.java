package org.hanse.client.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.MetricSpec;
import org.hanse.wire.value.JobEventEntry;
import org.hanse.wire.value.JobEventValue;
import org.hanse.wire.value.JobEventValue.MetricMean;
import org.hanse.wire.value.JobOrder;
import org.hanse.wire.value.JobStanding;

/** Shows a job's history while it grows. */
sealed interface EventPrinter {
  void print(JobEventEntry entry);

  /** Nothing more will come. */
  void end();

  static EventPrinter of(OutputFormat format, PrintWriter out) {
    return switch (format) {
      case TABLE -> new Table(out);
      case JSON -> new Document(out);
      case JSONL -> new Lines(out);
    };
  }

  /** A line for each event that matters to people. */
  record Table(PrintWriter out) implements EventPrinter {
    @Override
    public void print(JobEventEntry entry) {
      String line =
          switch (entry.event()) {
            case JobEventValue.StageReached stage -> "";
            case JobEventValue.RoundPublished published -> round(published);
            case JobEventValue.AttemptAborted aborted ->
                at(aborted.attempt()) + "aborted: " + JsonOutput.name(aborted.reason());
            case JobEventValue.SiteLeft left ->
                at(left.attempt())
                    + "without "
                    + left.site()
                    + ": "
                    + JsonOutput.name(left.reason().name());
            case JobEventValue.ShareRefused refused ->
                at(refused.attempt())
                    + refused.holder()
                    + " says that its box from "
                    + refused.dealer()
                    + " is bad ("
                    + JsonOutput.name(refused.reason())
                    + "): the next attempt is without both";
            case JobEventValue.DealerConvicted convicted ->
                at(convicted.attempt())
                    + convicted.dealer()
                    + " dealt shares of another secret than it committed to: it is out of this job";
            case JobEventValue.Paused paused -> standing(paused.standing());
            case JobEventValue.Resumed resumed -> "resumed" + order(resumed.order());
            case JobEventValue.Finished finished ->
                standing(finished.standing())
                    + " after "
                    + finished.rounds()
                    + " rounds, model "
                    + finished.modelHash();
          };
      if (!line.isEmpty()) {
        out.println(line);
        out.flush();
      }
    }

    @Override
    public void end() {
      out.flush();
    }

    private static String standing(JobStanding standing) {
      return JsonOutput.name(standing.state())
          + standing.reason().map(reason -> " (" + JsonOutput.name(reason) + ")").orElse("")
          + standing.order().map(Table::order).orElse("");
    }

    private static String order(JobOrder order) {
      return " by " + order.by() + (order.note().isEmpty() ? "" : ": " + order.note());
    }

    private static String at(AttemptId attempt) {
      return "round " + attempt.round().round() + "  ";
    }

    private static String round(JobEventValue.RoundPublished published) {
      StringBuilder line = new StringBuilder(at(published.attempt()));
      for (MetricMean metric : published.metrics()) {
        line.append(metric(metric)).append("  ");
      }
      return line.append(published.countedSites())
          .append(" sites  ")
          .append(String.format(Locale.ROOT, "%.1f s  ", published.durationSeconds()))
          .append(size(published.uploadedBytes()))
          .toString();
    }

    private static String metric(MetricMean metric) {
      return switch (metric.name()) {
        case MetricSpec.TRAINING_ACCURACY ->
            String.format(Locale.ROOT, "accuracy %5.1f %%", 100 * metric.value());
        case MetricSpec.TRAINING_LOSS -> String.format(Locale.ROOT, "loss %.4f", metric.value());
        default -> String.format(Locale.ROOT, "%s %.4f", metric.name(), metric.value());
      };
    }

    private static String size(long bytes) {
      if (bytes < 10_000) {
        return bytes + " B";
      }
      return bytes < 10_000_000
          ? String.format(Locale.ROOT, "%.1f kB", bytes / 1e3)
          : String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }
  }

  /** One JSON document for each event. */
  record Lines(PrintWriter out) implements EventPrinter {
    @Override
    public void print(JobEventEntry entry) {
      out.println(JsonOutput.line(json(entry.event())));
      out.flush();
    }

    @Override
    public void end() {
      out.flush();
    }
  }

  /** All events in one JSON document when the job has ended. */
  final class Document implements EventPrinter {
    private final PrintWriter out;
    private final List<Map<String, Object>> events = new ArrayList<>();

    Document(PrintWriter out) {
      this.out = out;
    }

    @Override
    public void print(JobEventEntry entry) {
      events.add(json(entry.event()));
    }

    @Override
    public void end() {
      out.println(JsonOutput.line(events));
      out.flush();
    }
  }

  private static Map<String, Object> json(JobEventValue event) {
    Map<String, Object> fields = new LinkedHashMap<>();
    switch (event) {
      case JobEventValue.StageReached stage -> {
        fields.put("event", "stage");
        putAttempt(stage.attempt(), fields);
        fields.put("stage", JsonOutput.name(stage.stage()));
        fields.put("sites", stage.sites());
      }
      case JobEventValue.RoundPublished published -> {
        fields.put("event", "round");
        putAttempt(published.attempt(), fields);
        fields.put("sites", published.countedSites());
        Map<String, Double> metrics = new LinkedHashMap<>();
        published.metrics().forEach(metric -> metrics.put(metric.name(), metric.value()));
        fields.put("metrics", metrics);
        fields.put("modelHash", published.modelHash().toHex());
        fields.put("uploadedBytes", published.uploadedBytes());
        fields.put("seconds", published.durationSeconds());
      }
      case JobEventValue.AttemptAborted aborted -> {
        fields.put("event", "aborted");
        putAttempt(aborted.attempt(), fields);
        fields.put("reason", JsonOutput.name(aborted.reason()));
      }
      case JobEventValue.SiteLeft left -> {
        fields.put("event", "left");
        putAttempt(left.attempt(), fields);
        fields.put("site", left.site().value());
        fields.put("reason", JsonOutput.name(left.reason().name()));
      }
      case JobEventValue.ShareRefused refused -> {
        fields.put("event", "share-refused");
        putAttempt(refused.attempt(), fields);
        fields.put("holder", refused.holder().value());
        fields.put("dealer", refused.dealer().value());
        fields.put("reason", JsonOutput.name(refused.reason()));
      }
      case JobEventValue.DealerConvicted convicted -> {
        fields.put("event", "convicted");
        putAttempt(convicted.attempt(), fields);
        fields.put("site", convicted.dealer().value());
      }
      case JobEventValue.Paused paused -> {
        fields.put("event", "paused");
        JsonOutput.addCause(fields, paused.standing());
      }
      case JobEventValue.Resumed resumed -> {
        fields.put("event", "resumed");
        JsonOutput.add(fields, resumed.order());
      }
      case JobEventValue.Finished finished -> put(fields, finished);
    }
    return fields;
  }

  private static void put(Map<String, Object> fields, JobEventValue.Finished finished) {
    fields.put("event", "finished");
    fields.put("state", JsonOutput.name(finished.state()));
    JsonOutput.addCause(fields, finished.standing());
    fields.put("rounds", finished.rounds());
    fields.put("modelHash", finished.modelHash().toHex());
  }

  private static void putAttempt(AttemptId attempt, Map<String, Object> fields) {
    fields.put("round", attempt.round().round());
    fields.put("attempt", attempt.attempt());
  }
}
