package org.hanse.simulation.attack.grpc;

import java.nio.file.Path;
import java.util.Map;
import org.hanse.client.config.TlsFiles;
import org.hanse.core.plan.SiteId;

/**
 * What a coordinator's operator has. Sites' TLS keys stand in for his switching off the honest
 * server's TLS checks: nobody but the sites has their signing keys.
 *
 * @param tls the coordinator's own
 * @param signingKey the coordinator's, PKCS#8 PEM
 */
public record Credentials(TlsFiles tls, Path signingKey, Map<SiteId, TlsFiles> sites) {
  public Credentials {
    sites = Map.copyOf(sites);
  }
}
