package org.hanse.core.plan;

/** Identifies a site: 1 to 63 lower-case letters, digits or inner hyphens. */
public record SiteId(String value) implements Comparable<SiteId> {
  public SiteId {
    Names.check("site id", value);
  }

  @Override
  public int compareTo(SiteId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
