package org.hanse.simulation.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.hanse.core.plan.CohortRules;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.SiteId;
import org.hanse.simulation.authority.SeededSecrets;
import org.hanse.simulation.deal.Deal;
import org.hanse.simulation.deal.Table;

/**
 * All of a demo that its options decide, before anything runs.
 *
 * @param template the example's job file, as it came
 * @param rounds of the job
 * @param table the example's records
 * @param deal who holds which of them
 */
record Scenario(DemoOptions options, ExampleJob template, long rounds, Table table, Deal deal) {

  /**
   * Reads the example's files and deals its records.
   *
   * @param home the directory that holds examples/
   * @throws DemoFailure if the options do not fit together, or not the example
   */
  static Scenario of(DemoOptions options, Path home) throws IOException, DemoFailure {
    Example example = options.federation().example();
    ExampleJob template = ExampleJob.read(home.resolve(example.jobFile()));
    long rounds = options.federation().rounds().orElse(template.rounds());
    List<String> problems = options.problems(rounds, template.quorum());
    if (!problems.isEmpty()) {
      throw new DemoFailure(
          ExitCode.BAD_ARGUMENTS, "these arguments do not fit together:", problems);
    }
    Table table = Table.read(home.resolve(example.records()), template.label());
    Deal deal =
        Deal.of(
            table,
            template.classes(),
            options.federation().sites(),
            example.skew(),
            options.federation().seed());
    int sites = deal.parts().size();
    int minimum = template.minimumRows();
    if (deal.pooled().size() < sites * minimum) {
      throw DemoFailure.badArguments(
          "%d records cannot be dealt to %d sites: the job wants at least %d at each."
              .formatted(deal.pooled().size(), sites, minimum),
          "Ask for fewer sites: --sites " + deal.pooled().size() / minimum);
    }
    return new Scenario(options, template, rounds, table, deal.withAtLeast(minimum));
  }

  /** {@code site-1} and so on; a site's index in this list is its part's in the deal. */
  List<SiteId> sites() {
    return options.federation().siteIds();
  }

  SeededSecrets secrets() {
    return new SeededSecrets(options.federation().seed());
  }

  /** Part of what the seed fixes, since the manifest enters the rounding of updates. */
  JobId job() {
    return new JobId(
        options.federation().example().label() + "-seed-" + options.federation().seed());
  }

  CohortRules cohort() {
    return options.federation().cohort(template.quorum());
  }

  /** Rounds that the site sits out. */
  List<Long> absences(SiteId site) {
    return options.disturbances().absences().stream()
        .filter(disturbance -> disturbance.site().equals(site))
        .map(Disturbance::round)
        .sorted()
        .distinct()
        .toList();
  }

  /** So many sites a round counts: all that nothing is planned against. */
  int countedSites(long round) {
    long disturbed =
        options.disturbances().all().stream()
            .filter(disturbance -> disturbance.round() == round)
            .map(Disturbance::site)
            .distinct()
            .count();
    return sites().size() - Math.toIntExact(disturbed);
  }

  /** Records, {@code [site][class]}. */
  List<List<Integer>> counts() {
    return java.util.stream.IntStream.range(0, sites().size())
        .mapToObj(
            site -> template.classes().stream().map(label -> deal.count(site, label)).toList())
        .toList();
  }

  /** The job file for this consortium. */
  Map<String, Object> jobFile() {
    return template.filledIn(this);
  }
}
