package org.hanse.client.agent;

import java.io.Serial;

/** The site's process dies here: nothing of it may do anything afterwards. */
final class SimulatedCrash extends Error {
  @Serial private static final long serialVersionUID = 1;

  SimulatedCrash(String where) {
    super(where);
  }
}
