package org.hanse.wire.value;

import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.SiteId;

/** First exchange of a connection. */
public sealed interface Greeting {
  /**
   * From the site.
   *
   * @param protocolVersion highest it speaks, from 1
   * @param signingCertificate X.509 DER
   */
  record Hello(int protocolVersion, Bytes signingCertificate) implements Greeting {}

  /**
   * From the coordinator.
   *
   * @param protocolVersion to speak
   * @param site the id in the peer's certificate
   * @param pollSeconds how long a poll waits before it answers empty, 1 to 300
   */
  record Welcome(int protocolVersion, SiteId site, int pollSeconds) implements Greeting {}
}
