package org.hanse.coordinator.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import io.grpc.health.v1.HealthGrpc;
import java.util.stream.Stream;
import org.hanse.coordinator.authority.PeerIdentity;
import org.hanse.core.plan.SiteId;
import org.hanse.proto.v1.JobServiceGrpc;
import org.hanse.proto.v1.SiteServiceGrpc;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AccessPolicyTest {
  private static final PeerIdentity SITE = new PeerIdentity.Site(new SiteId("site-1"));
  private static final PeerIdentity USER = new PeerIdentity.User("alice");
  private final AccessPolicy policy = new AccessPolicy();

  static Stream<String> methods() {
    return Stream.of(
            SiteServiceGrpc.getServiceDescriptor(),
            JobServiceGrpc.getServiceDescriptor(),
            HealthGrpc.getServiceDescriptor())
        .map(ServiceDescriptor::getMethods)
        .flatMap(methods -> methods.stream().map(MethodDescriptor::getFullMethodName));
  }

  @ParameterizedTest
  @MethodSource("methods")
  void everyMethodThatIsServed_hasARow(String method) {
    assertThat(policy.hasRow(method)).isTrue();
  }

  @ParameterizedTest
  @MethodSource("methods")
  void siteAndResearcherMethods_excludeEachOther(String method) {
    boolean site = method.startsWith(SiteServiceGrpc.SERVICE_NAME);
    boolean job = method.startsWith(JobServiceGrpc.SERVICE_NAME);
    assertThat(policy.allows(method, SITE)).isEqualTo(!job);
    assertThat(policy.allows(method, USER)).isEqualTo(!site);
    assertThat(policy.allows(method, new PeerIdentity.Coordinator())).isEqualTo(!job && !site);
  }

  @Test
  void methodWithoutARow_refusedToEverybody() {
    assertThat(policy.allows("hanse.v1.SiteService/Other", SITE)).isFalse();
    assertThat(policy.allows("hanse.v1.SiteService/Other", USER)).isFalse();
  }
}
