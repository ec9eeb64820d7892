package org.hanse.client.agent;

import java.util.Map;
import java.util.function.Supplier;
import org.hanse.client.policy.SiteIdentity;
import org.hanse.client.policy.SitePolicy;
import org.hanse.client.storage.SiteKeys;
import org.hanse.client.trainer.DatasetFile;
import org.hanse.core.plan.SiteId;

/**
 * Who this site is and what it has.
 *
 * @param policy what counts now; asked before every decision
 * @param datasets by the name of the data contract they answer
 */
public record Site(
    SiteId id, SiteKeys keys, Supplier<SitePolicy> policy, Map<String, DatasetFile> datasets) {
  public Site {
    datasets = Map.copyOf(datasets);
  }

  public SiteIdentity identity() {
    return new SiteIdentity(id, keys.signingKey().fingerprint());
  }
}
