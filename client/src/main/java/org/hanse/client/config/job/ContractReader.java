package org.hanse.client.config.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.hanse.client.config.ConfigProblems;
import org.hanse.client.config.ConfigSection;
import org.hanse.core.plan.DataContract;
import org.hanse.core.plan.DataContract.Feature;
import org.hanse.core.plan.Limits;

/** Reads the section {@code data} of a job file. */
final class ContractReader {
  private final ConfigProblems problems;

  private ContractReader(ConfigProblems problems) {
    this.problems = problems;
  }

  static Optional<DataContract> read(ConfigSection data, ConfigProblems problems) {
    Optional<String> name = data.text("contract");
    Optional<List<Feature>> features = new ContractReader(problems).features(data);
    Optional<String> label = data.text("label");
    List<String> classes = data.texts("classes", Function.identity());
    if (!data.has("classes")) {
      data.problem("classes", "is missing");
    }
    Optional<Long> minimumRows = data.integer("minimum-rows", 1, Integer.MAX_VALUE);
    data.refuseUnknownKeys();
    if (name.isEmpty()
        || features.isEmpty()
        || label.isEmpty()
        || classes.isEmpty()
        || minimumRows.isEmpty()) {
      return Optional.empty();
    }
    return problems.attempt(
        "data",
        () ->
            new DataContract(
                name.get(), features.get(), label.get(), classes, minimumRows.get().intValue()));
  }

  /** Each column by name, or {@code count} columns named alike with one range. */
  private Optional<List<Feature>> features(ConfigSection data) {
    if (data.isList("features")) {
      List<ConfigSection> columns = data.sections("features");
      List<Feature> features = new ArrayList<>();
      for (ConfigSection column : columns) {
        Optional<String> name = column.text("column");
        Optional<List<Double>> range = range(column);
        column.refuseUnknownKeys();
        if (name.isPresent() && range.isPresent()) {
          feature(column, name.get(), range.get()).ifPresent(features::add);
        }
      }
      return features.size() == columns.size() ? Optional.of(features) : Optional.empty();
    }
    ConfigSection alike = data.section("features");
    if (!data.isSection("features")) {
      return Optional.empty(); // noted already
    }
    Optional<String> prefix = alike.text("prefix");
    Optional<Long> count = alike.integer("count", 1, Limits.MAX_COLUMNS);
    Optional<List<Double>> range = range(alike);
    alike.refuseUnknownKeys();
    if (prefix.isEmpty() || count.isEmpty() || range.isEmpty()) {
      return Optional.empty();
    }
    List<Feature> features = new ArrayList<>();
    for (int i = 0; i < count.get(); i++) {
      Optional<Feature> feature = feature(alike, prefix.get() + i, range.get());
      if (feature.isEmpty()) {
        return Optional.empty(); // one complaint is enough for all of them
      }
      features.add(feature.get());
    }
    return Optional.of(features);
  }

  private Optional<Feature> feature(ConfigSection section, String column, List<Double> range) {
    return problems.attempt(
        section.path(), () -> new Feature(column, range.getFirst(), range.getLast()));
  }

  private static Optional<List<Double>> range(ConfigSection section) {
    List<Double> range = section.numbers("range");
    if (range.size() == 2) {
      return Optional.of(range);
    }
    section.problem("range", "must be [minimum, maximum]");
    return Optional.empty();
  }
}
