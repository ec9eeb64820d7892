package org.hanse.simulation.attack;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.SiteId;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.FromSite.Advertisement;
import org.hanse.core.secagg.FromSite.ShareEntry;
import org.hanse.core.secagg.ToSite;
import org.hanse.core.secagg.ToSite.Delivery;
import org.hanse.core.secagg.ToSite.SharerCommitment;
import org.hanse.wire.value.AttemptMessage;
import org.hanse.wire.value.Work;
import org.hanse.wire.value.WorkContent.Step;

/**
 * M2 with another set of peers for different sites: one half that is too small, and two sets that
 * overlap so that both look large enough. To those the coordinator then has to show M4.
 */
final class Partition implements Script {
  private static final List<SiteId> SMALL = List.of(Attack.site(4), Attack.site(5));
  private static final List<SiteId> LEFT =
      List.of(Attack.site(1), Attack.site(2), Attack.site(3), Attack.site(4));
  private static final List<SiteId> RIGHT =
      List.of(Attack.site(2), Attack.site(3), Attack.site(4), Attack.site(5));

  /** Who is told what. */
  private static final Map<SiteId, List<SiteId>> TOLD =
      Map.of(
          Attack.site(1), LEFT,
          Attack.site(2), LEFT,
          Attack.site(3), LEFT,
          Attack.site(4), RIGHT,
          Attack.site(5), SMALL);

  private final Backstage backstage;
  private final Map<SiteId, Work> offered = new HashMap<>();
  private final Map<SiteId, FromSite.Shares> shared = new HashMap<>();
  private final Set<SiteId> delivered = new HashSet<>();

  Partition(Backstage backstage) {
    this.backstage = backstage;
  }

  @Override
  public Work work(SiteId site, Work honest) {
    if (!(honest.content() instanceof Step(ToSite.Roster(List<Advertisement> all)))) {
      return honest;
    }
    List<SiteId> peers = TOLD.getOrDefault(site, LEFT);
    List<Fingerprint> keys = Cast.of(backstage, honest.position().job()).keys(peers);
    backstage.tell("tells %s that the round is among %s".formatted(site, peers));
    Work told =
        new Work(
            honest.position(),
            honest.deadlineSeconds(),
            new Step(
                new ToSite.Roster(
                    all.stream().filter(keysOf -> keys.contains(keysOf.site())).toList())));
    synchronized (this) {
      offered.put(site, told);
    }
    return told;
  }

  @Override
  public synchronized boolean alone(SiteId site) {
    return offered.containsKey(site);
  }

  /** From M2 on the sites talk to this coordinator alone. */
  @Override
  public synchronized boolean passes(SiteId site, AttemptMessage message) {
    if (message.message() instanceof FromSite.Shares shares) {
      shared.put(site, shares);
    }
    return !offered.containsKey(site);
  }

  /** M4 to the left set, once its members have shared. */
  @Override
  public synchronized Optional<Work> invented(SiteId site) {
    Work told = offered.get(site);
    if (told == null
        || !TOLD.getOrDefault(site, SMALL).equals(LEFT)
        || !shared.keySet().containsAll(LEFT)
        || !delivered.add(site)) {
      return Optional.empty();
    }
    backstage.tell(
        "shows %s the shares of %s, of whom not all have shared with the same set"
            .formatted(site, LEFT));
    return Optional.of(
        Work.of(told.attempt(), told.deadlineSeconds(), new Step(sharesFor(site, told))));
  }

  private ToSite.SharesFor sharesFor(SiteId receiver, Work told) {
    Cast cast = Cast.of(backstage, told.position().job());
    List<SharerCommitment> sharers = new ArrayList<>();
    List<Delivery> deliveries = new ArrayList<>();
    for (SiteId dealer : LEFT) {
      FromSite.Shares shares = sharesOf(dealer);
      sharers.add(new SharerCommitment(cast.key(dealer), shares.entryRoot(), shares.signature()));
      if (!dealer.equals(receiver)) {
        deliveries.add(delivery(cast, dealer, receiver));
      }
    }
    sharers.sort(Comparator.comparing(SharerCommitment::site));
    deliveries.sort(Comparator.comparing(Delivery::dealer));
    return new ToSite.SharesFor(sharers, deliveries);
  }

  private FromSite.Shares sharesOf(SiteId dealer) {
    FromSite.Shares shares = shared.get(dealer);
    if (shares == null) {
      throw new IllegalStateException(dealer + " has not shared");
    }
    return shares;
  }

  /**
   * The box that the dealer made for the receiver, or any other of its boxes under the receiver's
   * name where it made none. Without a path: the signatures are looked at before the boxes.
   */
  private Delivery delivery(Cast cast, SiteId dealer, SiteId receiver) {
    Fingerprint to = cast.key(receiver);
    List<ShareEntry> boxes = sharesOf(dealer).entries();
    int index = 0;
    for (int i = 0; i < boxes.size(); i++) {
      if (boxes.get(i).to().equals(to)) {
        index = i;
      }
    }
    ShareEntry box = boxes.get(index);
    return new Delivery(
        cast.key(dealer),
        index,
        new ShareEntry(
            to,
            box.nonce(),
            box.ciphertext(),
            box.selfShareHash(),
            box.maskShareHash(),
            box.channelEncapsulation(),
            box.maskEncapsulation()),
        List.of());
  }
}
