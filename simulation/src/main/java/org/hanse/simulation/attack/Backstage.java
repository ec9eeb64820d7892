package org.hanse.simulation.attack;

import org.hanse.core.crypto.SigningKey;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.JobId;

/** What a coordinator's operator has at hand anyway. Calls may wait for the network. */
public interface Backstage {

  /** The exact bytes of a job's manifest. */
  Bytes manifest(JobId job);

  /** The sum of an attempt: little-endian int32 elements. */
  byte[] sum(AttemptId attempt);

  /** The coordinator's own, which every manifest pins. */
  SigningKey signingKey();

  /** Says in a sentence what is being done to whom. */
  void tell(String words);
}
