package org.hanse.client.policy;

import java.util.List;
import java.util.stream.Collectors;

/** What a site's policy says about a job or a round of it. */
public sealed interface PolicyDecision {

  record Allowed() implements PolicyDecision {}

  /**
   * The site takes no part.
   *
   * @param reasons all that speak against it, at least one
   */
  record Refused(List<Reason> reasons) implements PolicyDecision {
    public Refused {
      reasons = List.copyOf(reasons);
      if (reasons.isEmpty()) {
        throw new IllegalArgumentException("a refusal needs a reason");
      }
    }

    /** True if the steward's approval is all that is missing. */
    public boolean onlyApprovalMissing() {
      return isOnly(Rule.NOT_APPROVED);
    }

    /** True if no other rule is broken. */
    public boolean isOnly(Rule rule) {
      return reasons.stream().allMatch(reason -> reason.rule() == rule);
    }

    /** For people at this site. */
    public String explanation() {
      return reasons.stream().map(Reason::explanation).collect(Collectors.joining("; "));
    }
  }

  /**
   * One rule that is broken.
   *
   * @param explanation for people at this site; never sent anywhere
   */
  record Reason(Rule rule, String explanation) {}

  /** What a site checks. */
  enum Rule {
    /** The coordinator has no usable manifest with the plan hash that it named. */
    NO_MANIFEST,
    /** The manifest names another job than the one it was offered for. */
    OTHER_JOB,
    /** These manifest bytes are not among those the steward approved. */
    NOT_APPROVED,
    /** The manifest does not list this site. */
    NOT_A_MEMBER,
    /** The manifest lists this site with another signing key. */
    OTHER_SIGNING_KEY,
    /** The manifest guarantees fewer counted sites than this site insists on. */
    COHORT_BELOW_FLOOR,
    /** A peer that must take part is no member. */
    REQUIRED_PEER_MISSING,
    /** The job asks for larger updates than this site gives. */
    CLIP_NORM_TOO_LARGE,
    /** The job runs without secure aggregation. */
    PLAIN_SUM,
    /** No data set is mapped to the job's data contract. */
    NO_DATASET,
    /** The manifest plans fewer rounds than the one on offer. */
    BEYOND_PLANNED_ROUNDS,
    /** The steward has this round declined. */
    SITS_OUT,
    /** The site finishes the rounds that it is in and begins no other. */
    DRAINING
  }
}
