package org.hanse.coordinator.authority;

import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.hanse.core.crypto.SigningKey;

/**
 * The coordinator's keys on disk, all PEM.
 *
 * @param authority the consortium's certificates
 */
public record KeyFiles(Pair tls, Pair signing, Path authority) {

  /** A certificate and its key. */
  public record Pair(Path certificate, Path key) {}

  /** Keys, or everything that is wrong with them. */
  public sealed interface Loaded {
    record Good(CoordinatorKeys keys) implements Loaded {}

    /** One sentence each; no key's content. */
    record Bad(List<String> problems) implements Loaded {
      public Bad {
        problems = List.copyOf(problems);
      }
    }
  }

  private interface Read<T> {
    T read() throws IOException;
  }

  /** Reads and checks all files. */
  public Loaded load(Instant now) {
    List<String> problems = new ArrayList<>();
    var chain = attempt(problems, () -> PemFiles.certificates(tls.certificate()));
    var key = attempt(problems, () -> PemFiles.privateKey(tls.key()));
    var trusted = attempt(problems, () -> PemFiles.certificates(authority));
    var signer = attempt(problems, () -> PemFiles.certificates(signing.certificate()));
    var signingKey = attempt(problems, () -> PemFiles.signingKey(signing.key()));
    Optional<String> consortium = chain.flatMap(c -> consortium(c.getFirst(), problems));
    chain.ifPresent(c -> requireValid(tls.certificate(), c.getFirst(), now, problems));
    if (signer.isPresent() && signingKey.isPresent()) {
      requireSame(signer.get().getFirst(), signingKey.get(), problems);
    }
    if (chain.isPresent()
        && key.isPresent()
        && trusted.isPresent()
        && signingKey.isPresent()
        && consortium.isPresent()
        && problems.isEmpty()) {
      return new Loaded.Good(
          new CoordinatorKeys(
              new CoordinatorKeys.TlsIdentity(chain.get(), key.get()),
              new ConsortiumAuthority(consortium.get(), trusted.get()),
              signingKey.get()));
    }
    return new Loaded.Bad(problems);
  }

  private static <T> Optional<T> attempt(List<String> problems, Read<T> read) {
    try {
      return Optional.of(read.read());
    } catch (java.nio.file.NoSuchFileException e) {
      problems.add(e.getFile() + " does not exist");
    } catch (IOException e) {
      problems.add(String.valueOf(e.getMessage()));
    }
    return Optional.empty();
  }

  private Optional<String> consortium(X509Certificate certificate, List<String> problems) {
    Optional<String> name =
        CertificateName.of(certificate)
            .filter(n -> n.identity() instanceof PeerIdentity.Coordinator)
            .map(CertificateName::consortium);
    if (name.isEmpty()) {
      problems.add(tls.certificate() + " names no coordinator (hanse://<consortium>/coordinator)");
    }
    return name;
  }

  private static void requireValid(
      Path file, X509Certificate certificate, Instant now, List<String> problems) {
    Instant from = certificate.getNotBefore().toInstant();
    Instant to = certificate.getNotAfter().toInstant();
    if (now.isBefore(from) || now.isAfter(to)) {
      problems.add("%s is valid from %s to %s only".formatted(file, from, to));
    }
  }

  private void requireSame(X509Certificate certificate, SigningKey key, List<String> problems) {
    if (!ConsortiumAuthority.ed25519(certificate.getPublicKey())
        .equals(Optional.of(key.publicKey()))) {
      problems.add(signing.key() + " is not the key of " + signing.certificate());
    }
  }
}
