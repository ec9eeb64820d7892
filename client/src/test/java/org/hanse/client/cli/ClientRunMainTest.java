package org.hanse.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Server;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.handler.ssl.ClientAuth;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.util.List;
import org.bouncycastle.asn1.x509.GeneralName;
import org.hanse.client.grpc.TestCertificates;
import org.hanse.client.grpc.TestCertificates.Validity;
import org.hanse.client.storage.DrainRequest;
import org.hanse.client.storage.StateDirectory;
import org.hanse.core.plan.SiteId;
import org.hanse.proto.v1.HelloRequest;
import org.hanse.proto.v1.HelloResponse;
import org.hanse.proto.v1.SiteServiceGrpc;
import org.hanse.wire.SessionMessages;
import org.hanse.wire.status.ErrorReason;
import org.hanse.wire.status.StatusMapper;
import org.hanse.wire.value.Greeting;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code hanse client run} as it is wired, with real TLS to a coordinator that lets nobody in. */
class ClientRunMainTest {
  @TempDir private Path directory;
  private final TestCertificates authority = new TestCertificates();
  private final DoorKeeper doorKeeper = new DoorKeeper();
  private Server server;
  private CommandFixture hanse;

  /** Answers greetings alone. */
  private static final class DoorKeeper extends SiteServiceGrpc.SiteServiceImplBase {
    private boolean welcomes;

    @Override
    public void hello(HelloRequest request, StreamObserver<HelloResponse> observer) {
      if (welcomes) {
        observer.onNext(SessionMessages.encode(new Greeting.Welcome(1, new SiteId("site-9"), 20)));
        observer.onCompleted();
      } else {
        observer.onError(StatusMapper.toStatus(ErrorReason.NOT_A_MEMBER, "unknown key"));
      }
    }
  }

  @BeforeEach
  void install() throws IOException {
    hanse = new CommandFixture(directory);
    authority.writeAuthority(directory.resolve("ca.crt"));
    issue("server", TestCertificates.ecKeys(), TestCertificates.dns("localhost"));
    issue("tls", TestCertificates.ecKeys(), TestCertificates.uri("hanse://heart/site/site-1"));
    issue(
        "signing",
        TestCertificates.ed25519Keys(),
        TestCertificates.uri("hanse://heart/site/site-1"));
    Path secret = Files.writeString(directory.resolve("site.secret"), "0123456789abcdef".repeat(4));
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    server =
        NettyServerBuilder.forPort(0)
            .sslContext(
                GrpcSslContexts.forServer(file("server.crt"), file("server.key"))
                    .trustManager(file("ca.crt"))
                    .clientAuth(ClientAuth.REQUIRE)
                    .build())
            .addService(doorKeeper)
            .build()
            .start();
    Files.writeString(
        directory.resolve("client.yaml"),
        """
        site: site-1
        coordinator: localhost:%d
        state: state
        tls: { certificate: tls.crt, key: tls.key, authority: ca.crt }
        signing: { certificate: signing.crt, key: signing.key }
        secret: site.secret
        datasets: { digits: { kind: csv, path: digits.csv } }
        policy: { minimum-cohort: 3, maximum-clip-norm: 10.0 }
        """
            .formatted(server.getPort()));
  }

  @AfterEach
  void stop() throws InterruptedException {
    server.shutdownNow().awaitTermination();
    hanse.close();
  }

  private java.io.File file(String name) {
    return directory.resolve(name).toFile();
  }

  private void issue(String name, KeyPair keys, GeneralName of) throws IOException {
    TestCertificates.writePem(
        directory.resolve(name + ".crt"),
        "CERTIFICATE",
        authority.issue(keys.getPublic(), List.of(of), Validity.CURRENT));
    TestCertificates.writePem(
        directory.resolve(name + ".key"), "PRIVATE KEY", keys.getPrivate().getEncoded());
  }

  private int run() {
    return hanse.runExactly(
        "client", "run", "--config", directory.resolve("client.yaml").toString());
  }

  @Test
  void run_notAMember_exits2AndLetsGoOfItsState() throws IOException {
    assertThat(run()).isEqualTo(2);

    assertThat(hanse.err()).startsWith("hanse: not-a-member").contains("unknown key");
    StateDirectory.open(directory.resolve("state")).close();
  }

  @Test
  void run_certificateOfAnotherSite_exits4AndNamesBoth() {
    doorKeeper.welcomes = true;

    assertThat(run()).isEqualTo(4);

    assertThat(hanse.err()).startsWith("hanse: site-mismatch").contains("site-1", "site-9");
  }

  @Test
  void run_keysMissingOrWrong_exits4() throws IOException {
    Files.setPosixFilePermissions(
        directory.resolve("tls.key"), PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(run()).isEqualTo(4);
    assertThat(hanse.err()).startsWith("hanse: key-file-unusable").contains("tls.key");

    Files.writeString(directory.resolve("signing.key"), "no key");
    assertThat(run()).isEqualTo(4);
    assertThat(hanse.err()).startsWith("hanse: key-file-unusable").contains("signing.key");

    Files.delete(directory.resolve("signing.key"));
    assertThat(run()).isEqualTo(4);
    assertThat(hanse.err()).startsWith("hanse: file-unusable").contains("signing.key");
  }

  @Test
  void drain_nobodyRuns_saysSo() throws IOException {
    assertThat(drain("1h")).isZero();
    StateDirectory.open(directory.resolve("state")).close();
    assertThat(drain("1h")).isZero();

    assertThat(hanse.out()).contains("nothing to drain");
    assertThat(directory.resolve("state/drain")).doesNotExist();
  }

  @Test
  void drain_clientRuns_asksItAndWaitsUntilItHasEnded() throws Exception {
    StateDirectory held = StateDirectory.open(directory.resolve("state"));
    assertThat(drain("1s")).isEqualTo(3);
    assertThat(hanse.err()).startsWith("hanse: timeout");
    DrainRequest request = new DrainRequest(held.root());
    assertThat(request.isMade()).isTrue();

    request.clear();
    Thread client =
        Thread.ofPlatform()
            .start(() -> {
              try (held) {
                while (!request.isMade()) {
                  Thread.onSpinWait();
                }
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    assertThat(drain("1h")).isZero();
    client.join();
    assertThat(hanse.out()).contains("finished its rounds");
  }

  @Test
  void run_afterAnOldRequestToDrain_staysUntilItIsAskedAgain() throws IOException {
    DrainRequest old = new DrainRequest(Files.createDirectories(directory.resolve("state")));
    old.make();

    assertThat(run()).isEqualTo(2); // not drained: refused by the coordinator

    assertThat(old.isMade()).isFalse();
  }

  private int drain(String timeout) {
    return hanse.runExactly(
        "client",
        "drain",
        "--config",
        directory.resolve("client.yaml").toString(),
        "--timeout",
        timeout);
  }

  @Test
  void run_stateInUse_exits1() throws IOException {
    try (StateDirectory held = StateDirectory.open(directory.resolve("state"))) {
      assertThat(held.root()).exists();
      assertThat(run()).isEqualTo(1);
    }
    assertThat(hanse.err()).contains("another running client uses the state directory");
  }
}
