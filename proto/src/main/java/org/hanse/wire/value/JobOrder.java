package org.hanse.wire.value;

import org.hanse.core.plan.Limits;

/**
 * What somebody asked of a job.
 *
 * @param by the user's name in its certificate
 * @param note in that person's words, 0 to 200 characters
 */
public record JobOrder(String by, String note) {
  public JobOrder {
    if (by.isEmpty()
        || by.length() > Limits.MAX_TEXT_LENGTH
        || note.length() > Limits.MAX_TEXT_LENGTH) {
      throw new IllegalArgumentException("an order by " + by);
    }
  }
}
