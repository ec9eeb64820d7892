package org.hanse.coordinator.engine;

import java.util.List;
import org.hanse.core.plan.Hash;
import org.hanse.core.secagg.AbortReason;

/** What came of unmasking and applying a sum. */
sealed interface AppliedSum {

  /**
   * Sum and model are durable.
   *
   * @param metrics weighted means over the counted sites, in the manifest's order
   */
  record Done(Hash resultRoot, Hash nextModel, List<Double> metrics) implements AppliedSum {
    public Done {
      metrics = List.copyOf(metrics);
    }
  }

  record Failed(AbortReason reason) implements AppliedSum {}
}
