package org.hanse.core.plan;

/**
 * An institution of the consortium, pinned by its signing key.
 *
 * @param organisation the institution's name for people, 1 to 200 characters
 */
public record Member(Fingerprint signingKey, SiteId site, String organisation) {
  public Member {
    Limits.text("organisation", organisation, Limits.MAX_TEXT_LENGTH);
  }
}
