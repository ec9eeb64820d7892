package org.hanse.simulation.demo;

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
