package org.hanse.simulation.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.hanse.core.plan.Ring;
import org.hanse.core.plan.SiteId;
import org.hanse.core.plan.Suite;

/** A job file of examples/, of which the demo changes who takes part, the seed and the rounds. */
record ExampleJob(Map<String, Object> content) {

  static ExampleJob read(Path file) throws IOException {
    return new ExampleJob(YamlFile.read(file));
  }

  long rounds() {
    return number(content, "rounds").longValue();
  }

  double quorum() {
    return number(section("sites"), "quorum").doubleValue();
  }

  /** Logical name of the data set. */
  String contract() {
    return String.valueOf(section("data").get("contract"));
  }

  String label() {
    return String.valueOf(section("data").get("label"));
  }

  List<String> classes() {
    return ((List<?>) required(section("data"), "classes")).stream().map(String::valueOf).toList();
  }

  int minimumRows() {
    return number(section("data"), "minimum-rows").intValue();
  }

  double clipNorm() {
    return number(protection(), "clip-norm").doubleValue();
  }

  Map<String, Object> filledIn(Scenario scenario) {
    Map<String, Object> job = new LinkedHashMap<>();
    job.put("id", scenario.job().value());
    job.putAll(content);
    job.put("id", scenario.job().value());
    job.put("rounds", scenario.rounds());
    job.put("sites", sites(scenario));
    Map<String, Object> local = section("local");
    local.put("seed", scenario.options().federation().seed());
    job.put("local", local);
    Map<String, Object> privacy = section("privacy");
    Suite suite = scenario.options().federation().suite();
    if (suite.masked()) {
      Map<String, Object> protection = protection();
      if (suite.hybrid()) {
        protection.put("post-quantum", true);
      }
      protection.put("colluding-sites", scenario.cohort().colludingSites());
      if (suite.ring() == Ring.Z16) {
        protection.put("ring-bits", suite.ring().bits());
        // The example's is of coordinates that are not rotated.
        protection.remove("max-coordinate");
      }
      privacy.put("secure-aggregation", protection);
    } else {
      privacy.put("secure-aggregation", "off");
    }
    job.put("privacy", privacy);
    return job;
  }

  private Map<String, Object> sites(Scenario scenario) {
    List<Map<String, Object>> members = new ArrayList<>();
    for (SiteId site : scenario.sites()) {
      Map<String, Object> member = new LinkedHashMap<>();
      member.put("site", site.value());
      member.put("organisation", "Hospital " + (members.size() + 1));
      member.put("signing-key", scenario.secrets().siteSigningKey(site).fingerprint().toHex());
      members.add(member);
    }
    Map<String, Object> sites = section("sites");
    sites.put("coordinator", scenario.secrets().coordinatorSigningKey().fingerprint().toHex());
    sites.put("members", members);
    sites.put("min", scenario.cohort().minimumSites());
    return sites;
  }

  private Map<String, Object> protection() {
    return map(required(section("privacy"), "secure-aggregation"), "secure-aggregation");
  }

  /** A copy that the caller may change. */
  private Map<String, Object> section(String key) {
    return map(required(content, key), key);
  }

  private static Map<String, Object> map(Object value, String key) {
    if (!(value instanceof Map<?, ?> entries)) {
      throw new IllegalStateException("the example's job file: " + key + " is no section");
    }
    Map<String, Object> copy = new LinkedHashMap<>();
    entries.forEach((name, entry) -> copy.put(String.valueOf(name), entry));
    return copy;
  }

  private static Number number(Map<String, Object> section, String key) {
    if (required(section, key) instanceof Number number) {
      return number;
    }
    throw new IllegalStateException("the example's job file: " + key + " is no number");
  }

  private static Object required(Map<String, Object> section, String key) {
    Object value = section.get(key);
    if (value == null) {
      throw new IllegalStateException("the example's job file lacks " + key);
    }
    return value;
  }
}
