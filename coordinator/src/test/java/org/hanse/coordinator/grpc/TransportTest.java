package org.hanse.coordinator.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.hanse.coordinator.testing.TestAuthority;
import org.hanse.coordinator.testing.TestAuthority.Credential;
import org.hanse.coordinator.testing.TestAuthority.Order;
import org.hanse.coordinator.testing.TestChannel;
import org.hanse.coordinator.testing.TestConsortium;
import org.hanse.coordinator.testing.TestJob;
import org.hanse.coordinator.testing.TlsAlert;
import org.hanse.core.plan.Bytes;
import org.hanse.proto.v1.NextWorkRequest;
import org.hanse.proto.v1.NextWorkResponse;
import org.hanse.wire.SessionMessages;
import org.hanse.wire.status.ErrorReason;
import org.hanse.wire.status.Refusal;
import org.hanse.wire.status.StatusMapper;
import org.hanse.wire.value.Greeting;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who gets through TLS, and how far. Nobody else gets anything at all. */
class TransportTest {
  @TempDir private static Path directory;
  private static TestConsortium consortium;

  @BeforeAll
  static void start() throws Exception {
    consortium = new TestConsortium(directory, TestJob.of(TestJob.Shape.of(4)));
  }

  @AfterAll
  static void stop() {
    consortium.close();
  }

  @Test
  void site_withItsCertificate_isServed() {
    try (TestChannel channel = consortium.connectSite(0)) {
      assertThat(poll(channel)).isEqualTo(NextWorkResponse.getDefaultInstance());
    }
  }

  @Test
  void plaintext_noAnswer() {
    ManagedChannel plain =
        NettyChannelBuilder.forAddress("127.0.0.1", consortium.port()).usePlaintext().build();
    assertUnavailable(new TestChannel(plain));
  }

  @Test
  void tls12_noAnswer() {
    Credential site = consortium.siteTls(0);
    SslContextBuilder tls =
        GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
            .protocols("TLSv1.2")
            .trustManager(consortium.authority().certificate())
            .keyManager(site.keys().getPrivate(), site.certificate());
    assertUnavailable(TestChannel.to(consortium.port(), tls));
  }

  @Test
  void noClientCertificate_noAnswer() {
    assertUnavailable(
        TestChannel.to(
            consortium.port(),
            GrpcSslContexts.forClient().trustManager(consortium.authority().certificate())));
  }

  @Test
  void certificateOfAnotherAuthority_noAnswer() {
    Credential foreign = new TestAuthority().siteTls("site-0");
    assertUnavailable(consortium.connect(foreign));
  }

  @Test
  void expiredAndNotYetValidCertificates_noAnswer() {
    Instant now = Instant.now();
    assertUnavailable(
        consortium.connect(
            site(order().valid(now.minus(Duration.ofHours(2)), now.minus(Duration.ofHours(1))))));
    assertUnavailable(
        consortium.connect(
            site(order().valid(now.plus(Duration.ofHours(1)), now.plus(Duration.ofHours(2))))));
  }

  @Test
  void certificateForServers_noAnswer() {
    assertUnavailable(
        consortium.connect(
            site(Order.of(TestAuthority.siteUri("site-0"), KeyPurposeId.id_kp_serverAuth))));
  }

  @Test
  void certificateWithoutName_ofAnotherConsortiumOrShape_certificateRefused() {
    for (String uri :
        List.of(
            "",
            "hanse://lung/site/site-0",
            "hanse://heart/site/Site-0",
            "hanse://heart/site/a/b",
            "hanse://heart/site/site-0?role=user",
            "hanse://heart/admin/site-0",
            "hanse://heart/coordinator/x",
            "https://heart/site/site-0")) {
      try (TestChannel channel =
          consortium.connect(site(Order.of(uri, KeyPurposeId.id_kp_clientAuth)))) {
        assertRefused(channel, Status.Code.UNAUTHENTICATED, ErrorReason.CERTIFICATE_REFUSED);
      }
    }
  }

  @Test
  void coordinatorsCertificate_wrongRole() {
    Credential other =
        consortium
            .authority()
            .issue(
                "other",
                TestAuthority.ec(),
                Order.of("hanse://heart/coordinator", KeyPurposeId.id_kp_clientAuth));
    try (TestChannel channel = consortium.connect(other)) {
      assertRefused(channel, Status.Code.PERMISSION_DENIED, ErrorReason.WRONG_ROLE);
    }
  }

  @Test
  void unknownMethod_wrongRole() {
    MethodDescriptor<NextWorkRequest, NextWorkResponse> unknown =
        MethodDescriptor.<NextWorkRequest, NextWorkResponse>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("grpc.reflection.v1.ServerReflection/ServerReflectionInfo")
            .setRequestMarshaller(ProtoUtils.marshaller(NextWorkRequest.getDefaultInstance()))
            .setResponseMarshaller(ProtoUtils.marshaller(NextWorkResponse.getDefaultInstance()))
            .build();
    try (TestChannel channel = consortium.connectSite(0)) {
      StatusRuntimeException thrown =
          catchThrowableOfType(
              StatusRuntimeException.class,
              () ->
                  ClientCalls.blockingUnaryCall(
                      channel.channel(),
                      unknown,
                      CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS),
                      NextWorkRequest.getDefaultInstance()));
      assertThat(StatusMapper.reasonOf(thrown)).contains(ErrorReason.WRONG_ROLE);
    }
  }

  @Test
  void health_anyMember_serving() {
    try (TestChannel channel = consortium.connectSite(0)) {
      assertThat(health(channel)).isEqualTo(ServingStatus.SERVING);
    }
  }

  @Test
  void forgedHeaders_changeNothing() {
    Metadata forged = new Metadata();
    forged.put(Metadata.Key.of("x-forwarded-for", Metadata.ASCII_STRING_MARSHALLER), "10.0.0.1");
    forged.put(
        Metadata.Key.of("hanse-caller", Metadata.ASCII_STRING_MARSHALLER),
        "hanse://heart/user/alice");
    try (TestChannel channel = consortium.connectSite(0)) {
      StatusRuntimeException thrown =
          catchThrowableOfType(
              StatusRuntimeException.class,
              () ->
                  channel
                      .jobs()
                      .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(forged))
                      .listJobs(org.hanse.proto.v1.ListJobsRequest.getDefaultInstance()));
      assertThat(StatusMapper.reasonOf(thrown)).contains(ErrorReason.WRONG_ROLE);
    }
  }

  @Test
  void metadataAndMessagesBeyondTheirLimits_endTheCallOnly() {
    Metadata large = new Metadata();
    large.put(Metadata.Key.of("large", Metadata.ASCII_STRING_MARSHALLER), "x".repeat(100_000));
    try (TestChannel channel = consortium.connectSite(0)) {
      assertThat(
              catchThrowableOfType(
                  StatusRuntimeException.class,
                  () ->
                      channel
                          .site()
                          .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(large))
                          .nextWork(NextWorkRequest.getDefaultInstance())))
          .isNotNull();
      assertThat(
              catchThrowableOfType(
                  StatusRuntimeException.class,
                  () ->
                      channel
                          .site()
                          .hello(
                              SessionMessages.encode(new Greeting.Hello(1, Bytes.of((byte) 1)))
                                  .toBuilder()
                                  .setSigningCertificate(
                                      com.google.protobuf.ByteString.copyFrom(new byte[5 << 20]))
                                  .build())))
          .isNotNull();
      assertThat(poll(channel)).isEqualTo(NextWorkResponse.getDefaultInstance());
    }
  }

  @Test
  void connectionBeyondTheCertificatesShare_overloadedUntilAnOlderOneEnds() {
    Credential credential = consortium.siteTls(3);
    List<TestChannel> channels = new ArrayList<>();
    try (TestChannel excess = consortium.connect(credential)) {
      for (int i = 0; i < PeerConnections.MAX_PER_CERTIFICATE; i++) {
        channels.add(consortium.connect(credential));
        health(channels.getLast());
      }
      StatusRuntimeException refused =
          catchThrowableOfType(StatusRuntimeException.class, () -> health(excess));
      Refusal refusal = StatusMapper.refusalOf(refused).orElseThrow();
      assertThat(refusal.reason()).isEqualTo(ErrorReason.OVERLOADED);
      assertThat(refusal.retryAfter()).isPresent();

      channels.removeFirst().close();

      awaitServed(excess);
    } finally {
      channels.forEach(TestChannel::close);
    }
  }

  /** The end of another connection reaches the coordinator when it does. */
  private static void awaitServed(TestChannel channel) {
    long start = System.nanoTime();
    while (true) {
      try {
        assertThat(health(channel)).isEqualTo(ServingStatus.SERVING);
        return;
      } catch (StatusRuntimeException e) {
        assertThat(StatusMapper.reasonOf(e)).contains(ErrorReason.OVERLOADED);
        assertThat(System.nanoTime() - start).isLessThan(Duration.ofSeconds(20).toNanos());
      }
    }
  }

  private static ServingStatus health(TestChannel channel) {
    return HealthGrpc.newBlockingStub(channel.channel())
        .withDeadlineAfter(10, TimeUnit.SECONDS)
        .check(HealthCheckRequest.newBuilder().setService("hanse.v1.SiteService").build())
        .getStatus();
  }

  /** The page docs/protocol-errors.md names these. */
  @Test
  void certificatesThatAreRefused_eachWithItsAlert() throws Exception {
    Instant now = Instant.now();
    assertThat(alert(Optional.empty())).isEqualTo("certificate_required");
    assertThat(alert(Optional.of(new TestAuthority().siteTls("site-0")))).isEqualTo("unknown_ca");
    Order expired = order().valid(now.minusSeconds(7200), now.minusSeconds(3600));
    assertThat(alert(Optional.of(site(expired)))).isEqualTo("certificate_expired");
    Order early = order().valid(now.plusSeconds(3600), now.plusSeconds(7200));
    assertThat(alert(Optional.of(site(early)))).isEqualTo("certificate_expired");
    Order forServers = Order.of(TestAuthority.siteUri("site-0"), KeyPurposeId.id_kp_serverAuth);
    assertThat(alert(Optional.of(site(forServers)))).isEqualTo("bad_certificate");
  }

  private static String alert(Optional<Credential> credential) throws Exception {
    return TlsAlert.of(consortium.port(), consortium.authority(), credential);
  }

  private static Order order() {
    return Order.of(TestAuthority.siteUri("site-0"), KeyPurposeId.id_kp_clientAuth);
  }

  private static Credential site(Order order) {
    return consortium.authority().issue("site-0", TestAuthority.ec(), order);
  }

  private static NextWorkResponse poll(TestChannel channel) {
    return channel.site().nextWork(NextWorkRequest.getDefaultInstance());
  }

  private static void assertUnavailable(TestChannel channel) {
    try (channel) {
      StatusRuntimeException thrown =
          catchThrowableOfType(StatusRuntimeException.class, () -> poll(channel));
      assertThat(thrown.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    }
  }

  private static void assertRefused(TestChannel channel, Status.Code code, ErrorReason reason) {
    StatusRuntimeException thrown =
        catchThrowableOfType(StatusRuntimeException.class, () -> poll(channel));
    assertThat(StatusMapper.reasonOf(thrown)).as(String.valueOf(thrown)).contains(reason);
    assertThat(thrown.getStatus().getCode()).isEqualTo(code);
  }
}
