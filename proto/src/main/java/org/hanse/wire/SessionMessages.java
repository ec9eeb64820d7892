package org.hanse.wire;

import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.Limits;
import org.hanse.proto.v1.GetManifestRequest;
import org.hanse.proto.v1.GetManifestResponse;
import org.hanse.proto.v1.HelloRequest;
import org.hanse.proto.v1.HelloResponse;
import org.hanse.wire.value.Greeting;

/** A connection's first exchange, and the manifest's exact bytes. */
public final class SessionMessages {
  private SessionMessages() {}

  public static HelloRequest encode(Greeting.Hello hello) {
    return HelloRequest.newBuilder()
        .setProtocolVersion(hello.protocolVersion())
        .setSigningCertificate(FieldPath.bytesOf(hello.signingCertificate()))
        .build();
  }

  public static Greeting.Hello decode(HelloRequest message) {
    FieldPath root = FieldPath.ROOT;
    return new Greeting.Hello(
        root.dot("protocol_version").range(message.getProtocolVersion(), 1, Integer.MAX_VALUE),
        root.dot("signing_certificate").certificate(message.getSigningCertificate()));
  }

  public static HelloResponse encode(Greeting.Welcome welcome) {
    return HelloResponse.newBuilder()
        .setProtocolVersion(welcome.protocolVersion())
        .setSite(welcome.site().value())
        .setPollSeconds(welcome.pollSeconds())
        .build();
  }

  public static Greeting.Welcome decode(HelloResponse message) {
    FieldPath root = FieldPath.ROOT;
    return new Greeting.Welcome(
        root.dot("protocol_version")
            .range(message.getProtocolVersion(), 1, WireLimits.PROTOCOL_VERSION),
        root.dot("site").site(message.getSite()),
        root.dot("poll_seconds").range(message.getPollSeconds(), 1, WireLimits.MAX_POLL_SECONDS));
  }

  public static GetManifestRequest encodeManifestRequest(JobId job) {
    return GetManifestRequest.newBuilder().setJob(job.value()).build();
  }

  public static JobId decode(GetManifestRequest message) {
    return FieldPath.ROOT.dot("job").job(message.getJob());
  }

  public static GetManifestResponse encodeManifest(Bytes exactBytes) {
    return GetManifestResponse.newBuilder().setManifest(FieldPath.bytesOf(exactBytes)).build();
  }

  /** The exact bytes, to be hashed before they are read. */
  public static Bytes decode(GetManifestResponse message) {
    return Bytes.of(
        FieldPath.ROOT
            .dot("manifest")
            .sized(message.getManifest(), 1, Limits.MAX_MANIFEST_BYTES)
            .toByteArray());
  }
}
