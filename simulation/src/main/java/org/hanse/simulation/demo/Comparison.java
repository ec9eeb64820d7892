package org.hanse.simulation.demo;

import java.util.List;
import org.hanse.client.trainer.Evaluation;
import org.hanse.core.plan.SiteId;

/**
 * Models measured on the same held-out records, which no site holds.
 *
 * @param global the federation's
 * @param sites each site's, trained on its own records alone
 * @param pooled trained on all sites' records together, as nobody here could
 */
public record Comparison(Evaluation global, List<OwnModel> sites, Evaluation pooled) {
  /** What one site reaches alone. */
  public record OwnModel(SiteId site, Evaluation evaluation) {}

  public Comparison {
    sites = List.copyOf(sites);
  }

  /** The most accurate of the sites' own models. */
  public OwnModel bestSite() {
    OwnModel best = sites.getFirst();
    for (OwnModel model : sites) {
      if (model.evaluation().accuracy() > best.evaluation().accuracy()) {
        best = model;
      }
    }
    return best;
  }
}
