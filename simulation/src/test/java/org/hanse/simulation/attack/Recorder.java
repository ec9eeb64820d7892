package org.hanse.simulation.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.SiteId;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.FromSite.ReleasedShare;
import org.hanse.core.secagg.FromSite.ShareKind;
import org.hanse.wire.value.AttemptMessage;
import org.hanse.wire.value.DataPiece;
import org.hanse.wire.value.Work;
import org.hanse.wire.value.WorkContent.Start;

/** Keeps all that ever leaves the sites, whatever becomes of it. */
final class Recorder implements Script {
  private final Script script;
  private final List<Sent> sent = new ArrayList<>();
  private final Map<Key, List<Fingerprint>> rosters = new HashMap<>();

  /** A message of a site's. */
  record Sent(SiteId site, AttemptMessage message) {}

  private record Key(SiteId site, AttemptId attempt) {}

  private record Peer(SiteId site, Fingerprint peer) {}

  Recorder(Script script) {
    this.script = script;
  }

  synchronized List<Sent> sent(Class<? extends FromSite> kind) {
    return sent.stream().filter(s -> kind.isInstance(s.message().message())).toList();
  }

  /** That no site gave shares of both kinds of one peer, in whatever attempts. */
  synchronized void assertOneKindOfShare() {
    Map<Peer, Set<ShareKind>> kinds = new HashMap<>();
    for (Sent one : sent) {
      if (one.message().message() instanceof FromSite.Release(_, List<ReleasedShare> shares, _)) {
        List<Fingerprint> roster =
            Objects.requireNonNull(rosters.get(new Key(one.site(), one.message().attempt())));
        for (ReleasedShare share : shares) {
          kinds
              .computeIfAbsent(
                  new Peer(one.site(), roster.get(share.peerIndex() - 1)), peer -> new HashSet<>())
              .add(share.kind());
        }
      }
    }
    assertThat(kinds.values()).allSatisfy(each -> assertThat(each).hasSize(1));
  }

  @Override
  public Work work(SiteId site, Work honest) {
    return noted(site, script.work(site, honest));
  }

  private synchronized Work noted(SiteId site, Work told) {
    if (told.content() instanceof Start start) {
      rosters.put(
          new Key(site, told.attempt()), start.certificates().stream().map(Cast::holder).toList());
    }
    return told;
  }

  @Override
  public Bytes manifest(SiteId site, Bytes honest) {
    return script.manifest(site, honest);
  }

  @Override
  public DataPiece model(SiteId site, DataPiece honest) {
    return script.model(site, honest);
  }

  @Override
  public DataPiece sum(SiteId site, AttemptId attempt, DataPiece honest) {
    return script.sum(site, attempt, honest);
  }

  @Override
  public boolean passes(SiteId site, AttemptMessage message) {
    synchronized (this) {
      sent.add(new Sent(site, message));
    }
    return script.passes(site, message);
  }

  @Override
  public boolean alone(SiteId site) {
    return script.alone(site);
  }

  @Override
  public Optional<Work> invented(SiteId site) {
    return script.invented(site).map(work -> noted(site, work));
  }
}
