package org.hanse.core.plan;

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
  }

  /** The model's tensors in vector order. */
  public ModelLayout layout() {
    return training.model().layout();
  }
}
