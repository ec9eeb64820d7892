package org.hanse.core.plan;

import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Everything about a job, fixed by the researcher's submitting command and approved by each site as
 * exact bytes. The coordinator adds nothing.
 *
 * @param title for people, 1 to 200 characters
 */
public record JobManifest(
    JobId job,
    String title,
    Consortium consortium,
    AggregationPlan aggregation,
    TrainingPlan training) {
  public JobManifest {
    Limits.text("title", title, Limits.MAX_TEXT_LENGTH);
    if (aggregation.cohort().memberCount() != consortium.members().size()) {
      throw new IllegalArgumentException(
          "cohort rules name "
              + aggregation.cohort().memberCount()
              + " members, the consortium has "
              + consortium.members().size());
    }
    training
        .selection()
        .filter(selection -> indexOf(selection.metric(), aggregation).isEmpty())
        .ifPresent(selection -> {
          throw new IllegalArgumentException(
              "the selection's metric " + selection.metric() + " is none of the manifest's");
        });
  }

  private static OptionalInt indexOf(String metric, AggregationPlan aggregation) {
    List<MetricSpec> metrics = aggregation.metrics();
    return IntStream.range(0, metrics.size())
        .filter(i -> metrics.get(i).name().equals(metric))
        .findFirst();
  }

  /** Where the metric that selects the best model stands among the manifest's. */
  public OptionalInt selectionMetric() {
    return training.selection().isPresent()
        ? indexOf(training.selection().get().metric(), aggregation)
        : OptionalInt.empty();
  }

  /** The model's tensors in vector order. */
  public ModelLayout layout() {
    return training.model().layout();
  }
}
