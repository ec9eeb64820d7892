package org.hanse.client.config;

import java.nio.file.Path;

/**
 * The files, all PEM, with which a connection proves who both ends are.
 *
 * @param certificate this end's certificate, and the chain below the authority if there is one
 * @param key this end's private key, PKCS#8
 * @param authority the only authority that a coordinator's certificate may come from
 */
public record TlsFiles(Path certificate, Path key, Path authority) {}
