package org.hanse.core.plan;

/** Identifies a job: 1 to 63 lower-case letters, digits or inner hyphens. */
public record JobId(String value) implements Comparable<JobId> {
  public JobId {
    Names.check("job id", value);
  }

  @Override
  public int compareTo(JobId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
