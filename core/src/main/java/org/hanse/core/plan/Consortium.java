package org.hanse.core.plan;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who takes part, pinned by signing keys.
 *
 * @param members 2 to 256, each key and each site once; kept in ascending order of their keys
 * @param coordinator fingerprint of the key with which the coordinator signs results; no member's
 */
public record Consortium(List<Member> members, Fingerprint coordinator) {
  public Consortium {
    Limits.inRange("members", members.size(), 2, Limits.MAX_MEMBERS);
    members = members.stream().sorted(Comparator.comparing(Member::signingKey)).toList();
    Set<Fingerprint> keys = new HashSet<>(Set.of(coordinator));
    Set<SiteId> sites = new HashSet<>();
    for (Member member : members) {
      if (!keys.add(member.signingKey())) {
        throw new IllegalArgumentException("signing key listed twice: " + member.signingKey());
      }
      if (!sites.add(member.site())) {
        throw new IllegalArgumentException("site listed twice: " + member.site());
      }
    }
  }

  /** The member whose signing key has this fingerprint; empty for an outsider. */
  public Optional<Member> memberByKey(Fingerprint signingKey) {
    return members.stream().filter(m -> m.signingKey().equals(signingKey)).findFirst();
  }

  /** The member of this site id; empty for an outsider. */
  public Optional<Member> memberBySite(SiteId site) {
    return members.stream().filter(m -> m.site().equals(site)).findFirst();
  }
}
