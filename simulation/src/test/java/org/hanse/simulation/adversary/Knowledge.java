package org.hanse.simulation.adversary;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.Ring;
import org.hanse.core.secagg.Contexts;
import org.hanse.core.secagg.FromSite;

/** What a coordinator can work out from the messages and chunks of one attempt. */
final class Knowledge {
  private final Federation federation;
  private final Hash context;
  private final List<Fingerprint> roster;
  private final ByName<FromSite.Advertisement> keys = new ByName<>();
  private final ByName<FromSite.Release> releases = new ByName<>();
  private final ByName<List<byte[]>> uploads;

  private Knowledge(Federation federation, AttemptId attempt) {
    this.federation = federation;
    this.roster =
        federation
            .asRun()
            .all(Happening.Opened.class)
            .filter(opened -> opened.attempt().equals(attempt))
            .map(Happening.Opened::roster)
            .findFirst()
            .orElseThrow();
    this.context = contextOf(federation.consortium, attempt, roster);
    this.uploads = federation.spool(attempt);
    federation
        .asRun()
        .all(Happening.Sent.class)
        .filter(sent -> sent.attempt().equals(attempt))
        .forEach(sent -> {
          if (sent.message() instanceof FromSite.Advertisement ad) {
            keys.put(sent.site(), ad);
          } else if (sent.message() instanceof FromSite.Release release) {
            releases.put(sent.site(), release);
          }
        });
  }

  static Knowledge of(Federation federation, AttemptId attempt) {
    return new Knowledge(federation, attempt);
  }

  static Hash contextOf(TestConsortium consortium, AttemptId attempt, List<Fingerprint> roster) {
    return Contexts.attempt(
        consortium.manifest().aggregation().suite(),
        attempt,
        consortium.initialModel(),
        consortium.planHash(),
        roster);
  }

  /** The site's upload less all pairwise masks, by its mask key, rebuilt from released shares. */
  RingVector withoutPairMasks(SimulatedSite site) {
    byte[] maskKey = rebuild(site.name(), FromSite.ShareKind.MASK_KEY);
    FromSite.Advertisement own = keys.get(site.name());
    RingVector rest = RingVector.ofBytes(Ring.Z32, uploads.get(site.name()));
    for (Fingerprint peer : keys.names()) {
      if (!peer.equals(site.name())) {
        RingVector mask =
            stream(
                NaiveSite.pair(context, maskKey, own, keys.get(peer), Optional.empty(), "vec"),
                rest.size());
        rest = site.name().compareTo(peer) < 0 ? rest.minus(mask) : rest.plus(mask);
      }
    }
    return rest;
  }

  private byte[] rebuild(Fingerprint site, FromSite.ShareKind kind) {
    int index = roster.indexOf(site) + 1;
    Map<Integer, byte[]> shares = new HashMap<>();
    for (Fingerprint holder : releases.names()) {
      releases.get(holder).shares().stream()
          .filter(share -> share.peerIndex() == index && share.kind() == kind)
          .forEach(share -> shares.put(roster.indexOf(holder) + 1, share.share().toByteArray()));
    }
    return NaiveSite.rebuilt(shares);
  }

  /** What the coordinator lacks: the site's self mask, from the site's own random bytes. */
  RingVector selfMaskOf(SimulatedSite site, int size) {
    AttemptId attempt =
        federation.asRun().all(Happening.Opened.class).findFirst().orElseThrow().attempt();
    NaiveSite secrets =
        NaiveSite.of(site.name(), context, site.entropy(attempt), /* hybrid= */ false);
    return stream(secrets.self("vec"), size);
  }

  static RingVector stream(Reference.SegmentKey keys, int size) {
    int[] words = new int[size];
    for (int i = 0; i < size; i++) {
      words[i] = Reference.word32(keys, i);
    }
    return new RingVector(words);
  }
}
