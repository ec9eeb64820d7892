package org.hanse.wire.status;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.KnownLength;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.hanse.core.plan.Limits;
import org.hanse.proto.v1.JobServiceGrpc;
import org.hanse.proto.v1.SiteServiceGrpc;
import org.hanse.wire.WireLimits;

/**
 * Refuses a request that is larger than its method ever needs before it is parsed: two bytes of a
 * message can become an object of fifty. Compressed requests have no known size and are refused.
 */
final class RequestSizes implements ServerInterceptor {
  /** Of methods that are not listed: names, hashes and numbers. */
  private static final int ORDINARY_BYTES = 4 << 10;

  private static final Map<String, Integer> MAX_BYTES =
      Map.of(
          SiteServiceGrpc.getHelloMethod().getFullMethodName(),
          WireLimits.MAX_CERTIFICATE_BYTES + ORDINARY_BYTES,
          // 1,000 positions.
          SiteServiceGrpc.getNextWorkMethod().getFullMethodName(),
          128 << 10,
          // 255 boxes, or 63 of a hybrid suite with two encapsulations each.
          SiteServiceGrpc.getSendMessageMethod().getFullMethodName(),
          192 << 10,
          SiteServiceGrpc.getUploadMethod().getFullMethodName(),
          WireLimits.MAX_CHUNK_BYTES + ORDINARY_BYTES,
          JobServiceGrpc.getSubmitJobMethod().getFullMethodName(),
          Limits.MAX_MANIFEST_BYTES + ORDINARY_BYTES);

  static int maxBytes(String fullMethodName) {
    return MAX_BYTES.getOrDefault(fullMethodName, ORDINARY_BYTES);
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    int maxBytes = maxBytes(call.getMethodDescriptor().getFullMethodName());
    return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
      @Override
      public void onMessage(Q message) {
        if (message instanceof InputStream stream && !fits(stream, maxBytes)) {
          throw StatusMapper.toStatus(
              ErrorReason.MESSAGE_TOO_LARGE,
              "must have at most " + maxBytes + " bytes, uncompressed");
        }
        super.onMessage(message);
      }
    };
  }

  private static boolean fits(InputStream stream, int maxBytes) {
    try {
      return stream instanceof KnownLength && stream.available() <= maxBytes;
    } catch (IOException e) {
      return false; // a stream whose length is known does not fail
    }
  }
}
