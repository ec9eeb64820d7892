package org.hanse.client.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.hanse.wire.value.JobOrder;
import org.hanse.wire.value.JobStanding;
import org.hanse.wire.value.JobSummary;

/** Values as JSON text. */
final class JsonOutput {
  private static final ObjectMapper JSON = new ObjectMapper();

  private JsonOutput() {}

  /** One line. {@code value} is made of maps, lists, texts, numbers and booleans. */
  static String line(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("no JSON: " + value, e);
    }
  }

  static Map<String, Object> of(JobSummary job) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("job", job.job().value());
    fields.put("title", job.title());
    fields.put("state", name(job.state()));
    fields.put("publishedRounds", job.progress().publishedRounds());
    fields.put("plannedRounds", job.progress().plannedRounds());
    addCause(fields, job.standing());
    fields.put("modelHash", job.modelHash().toHex());
    job.progress().best().ifPresent(best -> fields.put("best", of(best)));
    fields.put("planHash", job.planHash().toHex());
    fields.put("waitingFor", job.waitingFor());
    fields.put("convicted", job.progress().convicted().stream().map(JsonOutput::of).toList());
    return fields;
  }

  /** Why a job stands where it stands: the reason, empty if there is none, and a person's order. */
  static void addCause(Map<String, Object> fields, JobStanding standing) {
    fields.put("reason", standing.reason().map(JsonOutput::name).orElse(""));
    standing.order().ifPresent(order -> add(fields, order));
  }

  static void add(Map<String, Object> fields, JobOrder order) {
    fields.put("by", order.by());
    fields.put("note", order.note());
  }

  private static Map<String, Object> of(JobSummary.Best best) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("modelHash", best.modelHash().toHex());
    fields.put("rounds", best.rounds());
    fields.put("metric", best.metric());
    fields.put("value", best.value());
    return fields;
  }

  private static Map<String, Object> of(JobSummary.Convicted convicted) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("site", convicted.site().value());
    fields.put("round", convicted.round());
    return fields;
  }

  /** Words with hyphens. */
  static String name(Enum<?> value) {
    return name(value.name());
  }

  static String name(String enumName) {
    return enumName.toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
