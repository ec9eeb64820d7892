package org.hanse.simulation.demo;

import java.util.ArrayList;
import java.util.List;
import org.hanse.client.trainer.Evaluation;
import org.hanse.core.plan.SiteId;
import org.hanse.simulation.demo.Comparison.OwnModel;

/**
 * What the global model is compared with: each site alone, and all records pooled. Their models
 * start from the job's initial model and train with its settings for as many local epochs as the
 * whole job. Used by one thread.
 *
 * @param own what each site reaches alone
 * @param pooled what all records together reach
 */
record Baselines(List<OwnModel> own, Evaluation pooled) {
  Baselines {
    own = List.copyOf(own);
  }

  /**
   * Trains and measures all.
   *
   * @throws DemoFailure if records do not answer the data contract, or training fails
   */
  static Baselines train(Bench bench, ConsortiumFiles files) throws DemoFailure {
    List<OwnModel> own = new ArrayList<>();
    for (SiteId site : files.sites()) {
      own.add(new OwnModel(site, bench.evaluate(bench.train(files.records(site)))));
    }
    return new Baselines(own, bench.evaluate(bench.train(files.pooledRecords())));
  }
}
