package org.hanse.core.secagg.coordinator;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.hanse.core.secagg.AttemptContext;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.ProtocolFederation;
import org.hanse.core.secagg.ProtocolFederation.Dropout;
import org.hanse.core.secagg.SimulatedSite;
import org.hanse.core.secagg.SurvivorSet;
import org.hanse.core.secagg.mask.Revelation;

/** What the releases open of an attempt that one site leaves. */
record Opening(AttemptContext context, SurvivorSet survivors, Revelation revelation) {

  /** Runs the attempt, to its end, good or bad. */
  static Opening of(ProtocolFederation federation, int leaving, Dropout point) {
    List<SurvivorSet> survivors = new ArrayList<>();
    BiFunction<SimulatedSite, FromSite, FromSite> tamper = federation.tamper;
    federation.tamper =
        (site, message) -> {
          if (federation.state instanceof AggregationState.Releasing releasing) {
            survivors.add(releasing.agreement().survivors());
          }
          return tamper.apply(site, message);
        };
    federation.dropping(leaving, point).run();
    Progress progress = federation.state.progress();
    return new Opening(
        progress.context(),
        survivors.getFirst(),
        Reconstruction.of(
            progress, survivors.getFirst(), progress.answers().all(FromSite.Release.class)));
  }
}
