package org.hanse.client.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The files, all PEM, with which a connection proves who both ends are.
 *
 * @param certificate this end's certificate, and the chain below the authority if there is one
 * @param key this end's private key, PKCS#8
 * @param authority the only authority that a coordinator's certificate may come from
 */
public record TlsFiles(Path certificate, Path key, Path authority) {

  /** Reads a file's section {@code tls}; empty, with problems noted, if a setting is missing. */
  public static Optional<TlsFiles> read(ConfigSection tls, YamlFile file) {
    Optional<Path> certificate = tls.parsed("certificate", file::resolve);
    Optional<Path> key = tls.parsed("key", file::resolve);
    Optional<Path> authority = tls.parsed("authority", file::resolve);
    tls.refuseUnknownKeys();
    return certificate.isEmpty() || key.isEmpty() || authority.isEmpty()
        ? Optional.empty()
        : Optional.of(new TlsFiles(certificate.get(), key.get(), authority.get()));
  }
}
