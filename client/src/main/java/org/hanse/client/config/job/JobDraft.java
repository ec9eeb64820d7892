package org.hanse.client.config.job;

import java.util.Optional;
import org.hanse.core.plan.AggregationPlan;
import org.hanse.core.plan.Consortium;
import org.hanse.core.plan.DataContract;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.JobManifest;
import org.hanse.core.plan.LocalTraining;
import org.hanse.core.plan.ModelDescription;
import org.hanse.core.plan.ModelSelection;
import org.hanse.core.plan.ServerUpdate;
import org.hanse.core.plan.TrainingPlan;

/**
 * A job file's content: a manifest but for the model that round 1 starts from.
 *
 * @param title for people
 */
public record JobDraft(
    JobId job,
    String title,
    Consortium consortium,
    AggregationPlan aggregation,
    Training training) {

  /** What is trained; see {@link TrainingPlan}. */
  public record Training(
      ModelDescription model,
      DataContract data,
      LocalTraining local,
      ServerUpdate server,
      long rounds,
      Optional<ModelSelection> selection) {}

  /** The complete manifest. */
  public JobManifest manifest(Hash initialModelHash) {
    return new JobManifest(
        job,
        title,
        consortium,
        aggregation,
        new TrainingPlan(
            training.model(),
            training.data(),
            training.local(),
            training.server(),
            training.rounds(),
            training.selection(),
            initialModelHash));
  }
}
