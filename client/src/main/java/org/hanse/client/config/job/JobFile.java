package org.hanse.client.config.job;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.hanse.client.config.ConfigException;
import org.hanse.client.config.ConfigProblems;
import org.hanse.client.config.ConfigSection;
import org.hanse.client.config.Spelling;
import org.hanse.client.config.YamlFile;
import org.hanse.core.plan.AggregationPlan;
import org.hanse.core.plan.Consortium;
import org.hanse.core.plan.DataContract;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.Limits;
import org.hanse.core.plan.LocalOptimizer;
import org.hanse.core.plan.LocalTraining;
import org.hanse.core.plan.MetricSpec;
import org.hanse.core.plan.ModelDescription;
import org.hanse.core.plan.ModelSelection;
import org.hanse.core.plan.ServerUpdate;

/** Reads {@code job.yaml}. The format is docs/configuration.md, "job.yaml". */
public final class JobFile {
  private static final int MAX_SLUG_LENGTH = 50;
  private static final Hash ANY_HASH = Hash.of(new byte[Hash.SIZE_BYTES]);

  private static final OptionalLong NEVER = OptionalLong.empty();

  private final ConfigProblems problems;
  private final ConfigSection root;

  private JobFile(ConfigProblems problems, ConfigSection root) {
    this.problems = problems;
    this.root = root;
  }

  /**
   * Reads the whole file.
   *
   * @param idSuffix a few random lower-case letters and digits, for a job without an id of its own
   * @throws ConfigException with everything that is wrong in it
   * @throws IOException if it cannot be read
   */
  public static JobDraft read(Path file, Supplier<String> idSuffix)
      throws ConfigException, IOException {
    YamlFile yaml = new YamlFile(file);
    ConfigProblems problems = yaml.newProblems();
    JobFile reader = new JobFile(problems, yaml.read(problems));
    Optional<JobDraft> draft = reader.draft(idSuffix);
    problems.throwIfAny();
    return draft.orElseThrow();
  }

  private Optional<JobDraft> draft(Supplier<String> idSuffix) {
    Optional<String> title = root.text("name");
    Optional<JobId> job =
        root.has("id")
            ? root.parsed("id", JobId::new)
            : title.flatMap(name -> problems.attempt("name", () -> newId(name, idSuffix.get())));
    Optional<ModelDescription> model = ModelReader.read(root.section("model"), problems);
    Optional<DataContract> data = ContractReader.read(root.section("data"), problems);
    Optional<Long> rounds = root.integer("rounds", 1, Limits.MAX_ROUNDS);
    Optional<LocalTraining> local = local(root.section("local"));
    Optional<ServerUpdate> server = strategy();
    SitesReader sites = new SitesReader(root.section("sites"), problems);
    Optional<Consortium> consortium = sites.consortium();
    Optional<AggregationPlan> aggregation =
        new AggregationReader(root, sites, problems)
            .read(consortium, model.map(known -> known.layout().parameterCount()));
    Optional<ModelSelection> selection = root.has("stop") ? selection() : Optional.empty();
    root.refuseUnknownKeys();
    if (title.isEmpty()
        || job.isEmpty()
        || model.isEmpty()
        || data.isEmpty()
        || rounds.isEmpty()
        || local.isEmpty()
        || server.isEmpty()
        || consortium.isEmpty()
        || aggregation.isEmpty()) {
      return Optional.empty();
    }
    JobDraft.Training training =
        new JobDraft.Training(
            model.get(), data.get(), local.get(), server.get(), rounds.get(), selection);
    JobDraft draft =
        new JobDraft(job.get(), title.get(), consortium.get(), aggregation.get(), training);
    // The rules across sections, such as features against inputs, are the manifest's.
    return problems.attempt("", () -> draft.manifest(ANY_HASH)).map(manifest -> draft);
  }

  private static JobId newId(String title, String suffix) {
    String slug = title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    String head = slug.substring(0, Math.min(MAX_SLUG_LENGTH, slug.length()));
    return new JobId((head + "-" + suffix).replaceAll("^-+", "").replaceAll("-{2,}", "-"));
  }

  private Optional<LocalTraining> local(ConfigSection section) {
    Optional<Long> epochs = section.integer("epochs", 1, 1_000);
    Optional<Long> batch = section.integer("batch", 1, 65_536);
    Optional<LocalOptimizer> optimizer = section.variant("optimizer").flatMap(this::optimizer);
    Optional<Long> seed = section.integer("seed", Long.MIN_VALUE, Long.MAX_VALUE);
    section.refuseUnknownKeys();
    if (epochs.isEmpty() || batch.isEmpty() || optimizer.isEmpty() || seed.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new LocalTraining(
            epochs.get().intValue(), batch.get().intValue(), optimizer.get(), seed.get()));
  }

  private Optional<LocalOptimizer> optimizer(ConfigSection.Variant variant) {
    ConfigSection settings = variant.settings();
    Optional<LocalOptimizer> optimizer =
        switch (variant.name()) {
          case "sgd" -> {
            Optional<Double> rate = settings.number("learning-rate");
            double momentum = settings.optionalNumber("momentum").orElse(0.0);
            yield rate.flatMap(value ->
                problems.attempt(settings.path(), () -> new LocalOptimizer.Sgd(value, momentum)));
          }
          case "adam" ->
              settings
                  .number("learning-rate")
                  .flatMap(value ->
                      problems.attempt(settings.path(), () -> new LocalOptimizer.Adam(value)));
          default -> unknown("local.optimizer", variant.name(), "sgd", "adam");
        };
    if (optimizer.isPresent()) {
      settings.refuseUnknownKeys();
    }
    return optimizer;
  }

  private Optional<ModelSelection> selection() {
    ConfigSection section = root.section("stop");
    Optional<String> metric = section.text("metric");
    double minimumChange = section.optionalNumber("minimum-change").orElse(0.0);
    OptionalLong patience =
        section.has("patience")
            ? section.integer("patience", 1, Limits.MAX_ROUNDS).map(OptionalLong::of).orElse(NEVER)
            : NEVER;
    section.refuseUnknownKeys();
    return metric
        .flatMap(this::goal)
        .flatMap(goal ->
            problems.attempt(
                section.path(),
                () -> new ModelSelection(metric.get(), goal, minimumChange, patience)));
  }

  private Optional<ModelSelection.Goal> goal(String metric) {
    return switch (metric) {
      case MetricSpec.TRAINING_LOSS -> Optional.of(ModelSelection.Goal.MINIMIZE);
      case MetricSpec.TRAINING_ACCURACY -> Optional.of(ModelSelection.Goal.MAXIMIZE);
      default ->
          unknown("stop.metric", metric, MetricSpec.TRAINING_LOSS, MetricSpec.TRAINING_ACCURACY);
    };
  }

  private Optional<ServerUpdate> strategy() {
    if (!root.has("strategy")) {
      return Optional.of(new ServerUpdate.FedAvg(1));
    }
    Optional<ConfigSection.Variant> variant = root.variant("strategy");
    if (variant.isEmpty()) {
      return Optional.empty();
    }
    if (!variant.get().name().equals("fedavg")) {
      return unknown("strategy", variant.get().name(), "fedavg");
    }
    ConfigSection settings = variant.get().settings();
    double rate = settings.optionalNumber("server-learning-rate").orElse(1.0);
    settings.refuseUnknownKeys();
    return problems.attempt(settings.path(), () -> new ServerUpdate.FedAvg(rate));
  }

  private <T> Optional<T> unknown(String path, String name, String... known) {
    problems.add(path, "unknown: \"" + name + "\"" + Spelling.hint(name, java.util.List.of(known)));
    return Optional.empty();
  }
}
