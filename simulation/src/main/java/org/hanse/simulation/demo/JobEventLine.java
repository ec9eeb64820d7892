package org.hanse.simulation.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Optional;
import org.hanse.core.plan.MetricSpec;
import org.hanse.core.plan.SiteId;
import org.hanse.simulation.demo.DemoEvent.AttemptAborted;
import org.hanse.simulation.demo.DemoEvent.DealerConvicted;
import org.hanse.simulation.demo.DemoEvent.JobPaused;
import org.hanse.simulation.demo.DemoEvent.JobResumed;
import org.hanse.simulation.demo.DemoEvent.RoundPublished;
import org.hanse.simulation.demo.DemoEvent.ShareRefused;
import org.hanse.simulation.demo.DemoEvent.SiteLeft;
import org.hanse.simulation.demo.DemoEvent.SiteRefused;
import org.hanse.simulation.demo.DemoEvent.StageReached;

/** Reads what {@code hanse job} and {@code hanse client run} print as JSON. */
final class JobEventLine {
  private static final ObjectMapper JSON = new ObjectMapper();

  private JobEventLine() {}

  /** A field's text in an object. */
  static String field(String line, String name) throws DemoFailure {
    JsonNode value = parse(line).path(name);
    if (!value.isTextual()) {
      throw DemoFailure.failed("a command's answer lacks \"" + name + "\".", line);
    }
    return value.textValue();
  }

  /** A whole number of a command's line. */
  static long number(String line, String name) throws DemoFailure {
    JsonNode value = parse(line).path(name);
    if (!value.isIntegralNumber()) {
      throw DemoFailure.failed("a program's line lacks \"" + name + "\".", line);
    }
    return value.longValue();
  }

  /** What a line of {@code job watch} tells; empty for its last line. */
  static Optional<DemoEvent> event(String line) throws DemoFailure {
    JsonNode json = parse(line);
    long round = json.path("round").asLong();
    return switch (json.path("event").asText()) {
      case "stage" ->
          Optional.of(
              new StageReached(round, json.path("stage").asText(), json.path("sites").asInt()));
      case "round" -> {
        JsonNode metrics = json.path("metrics");
        yield Optional.of(
            new RoundPublished(
                round,
                json.path("sites").asInt(),
                metrics.path(MetricSpec.TRAINING_LOSS).asDouble(Double.NaN),
                metrics.path(MetricSpec.TRAINING_ACCURACY).asDouble(Double.NaN),
                json.path("seconds").asDouble(),
                json.path("uploadedBytes").asLong()));
      }
      case "left" ->
          Optional.of(
              new SiteLeft(
                  round, new SiteId(json.path("site").asText()), json.path("reason").asText()));
      case "aborted" ->
          Optional.of(
              new AttemptAborted(
                  round, json.path("attempt").asLong(), json.path("reason").asText()));
      case "share-refused" ->
          Optional.of(
              new ShareRefused(
                  round,
                  new SiteId(json.path("holder").asText()),
                  new SiteId(json.path("dealer").asText()),
                  json.path("reason").asText()));
      case "convicted" ->
          Optional.of(new DealerConvicted(round, new SiteId(json.path("site").asText())));
      case "paused" ->
          Optional.of(new JobPaused(json.path("reason").asText(), json.path("by").asText()));
      case "resumed" -> Optional.of(new JobResumed(json.path("by").asText()));
      default -> Optional.empty();
    };
  }

  /** What a line of a site's program tells, if it is that the site does not go along. */
  static Optional<SiteRefused> refusal(SiteId site, String line) throws DemoFailure {
    JsonNode json = parse(line);
    return json.path("event").asText().equals("refused")
        ? Optional.of(
            new SiteRefused(
                site,
                json.path("round").asLong(),
                json.path("reason").asText(),
                json.path("explanation").asText()))
        : Optional.empty();
  }

  private static JsonNode parse(String line) throws DemoFailure {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw DemoFailure.failed("a command answered with what is no JSON.", line);
    }
  }
}
