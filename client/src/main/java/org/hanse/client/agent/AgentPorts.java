package org.hanse.client.agent;

import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.hanse.client.trainer.LocalTrainer;
import org.hanse.core.crypto.SecretBytes;

/**
 * The outside world of a site.
 *
 * @param entropy 32 fresh bytes from a secure generator at each call
 * @param auditRandom chooses what is audited; not to be foreseen by a coordinator
 * @param jitter spreads what is tried again; thread-safe
 */
public record AgentPorts(
    Coordinator coordinator,
    RosterChecker rosterChecker,
    LocalTrainer trainer,
    AgentEvents events,
    Supplier<SecretBytes> entropy,
    RandomGenerator auditRandom,
    Threads threads,
    RandomGenerator jitter) {}
