package org.hanse.client.config.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.hanse.client.config.ConfigProblems;
import org.hanse.client.config.ConfigSection;
import org.hanse.client.config.HexDigits;
import org.hanse.core.plan.Consortium;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Limits;
import org.hanse.core.plan.Member;
import org.hanse.core.plan.SiteId;

/** Reads the section {@code sites} of a job file. */
final class SitesReader {
  private final ConfigSection sites;
  private final ConfigProblems problems;
  private final Optional<Long> minimum;
  private final Optional<Double> quorum;

  SitesReader(ConfigSection sites, ConfigProblems problems) {
    this.sites = sites;
    this.problems = problems;
    this.minimum = sites.integer("min", 2, Limits.MAX_MEMBERS);
    this.quorum = sites.number("quorum");
  }

  /** Fewest counted sites. */
  Optional<Long> minimum() {
    return minimum;
  }

  /** Least share of members in a round. */
  Optional<Double> quorum() {
    return quorum;
  }

  Optional<Consortium> consortium() {
    Optional<Fingerprint> coordinator = fingerprint(sites, "coordinator");
    List<ConfigSection> entries = sites.sections("members");
    if (entries.isEmpty()) {
      sites.problem(
          "members",
          "names no institution: add one { site: ..., organisation: ..., signing-key: ... } for each,"
              + " with the fingerprint of its signing key; docs/configuration.md shows how");
    }
    List<Member> members = new ArrayList<>();
    for (ConfigSection entry : entries) {
      Optional<SiteId> site = entry.parsed("site", SiteId::new);
      Optional<String> organisation = entry.text("organisation");
      Optional<Fingerprint> key = fingerprint(entry, "signing-key");
      entry.refuseUnknownKeys();
      if (site.isPresent() && organisation.isPresent() && key.isPresent()) {
        problems
            .attempt(entry.path(), () -> new Member(key.get(), site.get(), organisation.get()))
            .ifPresent(members::add);
      }
    }
    sites.refuseUnknownKeys();
    if (coordinator.isEmpty() || entries.isEmpty() || members.size() < entries.size()) {
      return Optional.empty();
    }
    return problems.attempt("sites", () -> new Consortium(members, coordinator.get()));
  }

  private static Optional<Fingerprint> fingerprint(ConfigSection section, String key) {
    return section.parsed(key, HexDigits.of64(Fingerprint::fromHex));
  }
}
