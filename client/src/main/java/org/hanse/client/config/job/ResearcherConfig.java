package org.hanse.client.config.job;

import org.hanse.client.config.CoordinatorAddress;
import org.hanse.client.config.TlsFiles;

/** A researcher's configuration file. All paths are absolute. */
public record ResearcherConfig(CoordinatorAddress coordinator, TlsFiles tls) {}
