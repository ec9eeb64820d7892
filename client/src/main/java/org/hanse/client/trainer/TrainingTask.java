package org.hanse.client.trainer;

import org.hanse.core.plan.LocalTraining;
import org.hanse.core.plan.ModelDescription;
import org.hanse.core.vector.FloatVector;

/**
 * One round's work of one site.
 *
 * @param local its own seed is the job's and not used here
 * @param start in the model's canonical layout; not changed
 * @param trainingSeed fixes the order of records and every other random choice
 */
public record TrainingTask(
    ModelDescription model, LocalTraining local, FloatVector start, long trainingSeed) {}
