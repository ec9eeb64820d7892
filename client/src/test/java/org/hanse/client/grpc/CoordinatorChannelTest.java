package org.hanse.client.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.grpc.Server;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.netty.handler.ssl.ClientAuth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.util.List;
import org.bouncycastle.asn1.x509.GeneralName;
import org.hanse.client.agent.CoordinatorException;
import org.hanse.client.config.CoordinatorAddress;
import org.hanse.client.config.KeyFileException;
import org.hanse.client.config.TlsFiles;
import org.hanse.client.grpc.TestCertificates.Validity;
import org.hanse.core.plan.Bytes;
import org.hanse.wire.value.Greeting;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real TLS on loopback. */
class CoordinatorChannelTest {
  private static final Greeting.Hello HELLO = new Greeting.Hello(1, Bytes.of((byte) 1));

  @TempDir private Path directory;
  private final TestCertificates authority = new TestCertificates();

  @BeforeEach
  void writeAuthority() throws IOException {
    authority.writeAuthority(directory.resolve("ca.crt"));
  }

  /** Files of one end: {@code name.crt} and {@code name.key}. */
  private TlsFiles credential(String name, TestCertificates issuer, GeneralName... names)
      throws IOException {
    KeyPair keys = TestCertificates.ecKeys();
    return new TlsFiles(
        TestCertificates.writePem(
            directory.resolve(name + ".crt"),
            "CERTIFICATE",
            issuer.issue(keys.getPublic(), List.of(names), Validity.CURRENT)),
        TestCertificates.writePem(
            directory.resolve(name + ".key"), "PRIVATE KEY", keys.getPrivate().getEncoded()),
        directory.resolve("ca.crt"));
  }

  private Server serve(TlsFiles files, String... protocols) throws IOException {
    return NettyServerBuilder.forPort(0)
        .sslContext(
            GrpcSslContexts.forServer(files.certificate().toFile(), files.key().toFile())
                .trustManager(files.authority().toFile())
                .clientAuth(ClientAuth.REQUIRE)
                .protocols(protocols)
                .build())
        .addService(new FakeSiteService())
        .build()
        .start();
  }

  private static Greeting.Welcome hello(Server server, TlsFiles client) throws Exception {
    try (CoordinatorChannel channel =
        CoordinatorChannel.open(new CoordinatorAddress("localhost", server.getPort()), client)) {
      return new SiteClient(channel.channel()).hello(HELLO);
    } finally {
      server.shutdownNow().awaitTermination();
    }
  }

  private TlsFiles site() throws IOException {
    return credential("site", authority, TestCertificates.uri("hanse://heart/site/site-0"));
  }

  @Test
  void open_bothEndsOfOneAuthority_talk() throws Exception {
    Server server =
        serve(credential("server", authority, TestCertificates.dns("localhost")), "TLSv1.3");
    assertThat(hello(server, site()).site().value()).isEqualTo("site-0");
  }

  @Test
  void open_serverOfAnotherAuthority_isNotTalkedTo() throws Exception {
    Server server =
        serve(
            credential("server", new TestCertificates(), TestCertificates.dns("localhost")),
            "TLSv1.3");
    assertThatExceptionOfType(CoordinatorException.class).isThrownBy(() -> hello(server, site()));
  }

  @Test
  void open_serverUnderAnotherName_isNotTalkedTo() throws Exception {
    Server server =
        serve(
            credential("server", authority, TestCertificates.dns("elsewhere.example")), "TLSv1.3");
    assertThatExceptionOfType(CoordinatorException.class).isThrownBy(() -> hello(server, site()));
  }

  @Test
  void open_serverWithOlderTls_isNotTalkedTo() throws Exception {
    Server server =
        serve(credential("server", authority, TestCertificates.dns("localhost")), "TLSv1.2");
    assertThatExceptionOfType(CoordinatorException.class).isThrownBy(() -> hello(server, site()));
  }

  @Test
  void open_filesMissingOrOfAnotherKind_isAnErrorThatNamesThem() throws IOException {
    CoordinatorAddress address = new CoordinatorAddress("localhost", 1);
    TlsFiles good = site();
    Path missing = directory.resolve("missing.key");
    assertThatIOException()
        .isThrownBy(() ->
            CoordinatorChannel.open(
                address, new TlsFiles(good.certificate(), missing, good.authority())))
        .withMessageContaining("missing.key");
    Path garbage = Files.writeString(directory.resolve("garbage.key"), "no key");
    Files.setPosixFilePermissions(garbage, PosixFilePermissions.fromString("rw-------"));
    assertThatIOException()
        .isThrownBy(() ->
            CoordinatorChannel.open(
                address, new TlsFiles(good.certificate(), garbage, good.authority())))
        .withMessageContaining("garbage.key");
  }

  @Test
  void open_othersMayReadTheKey_isRefused() throws IOException {
    TlsFiles good = site();
    Files.setPosixFilePermissions(good.key(), PosixFilePermissions.fromString("rw-r--r--"));
    assertThatExceptionOfType(KeyFileException.class)
        .isThrownBy(() -> CoordinatorChannel.open(new CoordinatorAddress("localhost", 1), good))
        .withMessageContaining("chmod 600 " + good.key());
  }
}
