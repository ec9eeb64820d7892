package org.hanse.wire.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.hanse.core.plan.Limits;
import org.hanse.proto.v1.Attempt;
import org.hanse.proto.v1.DataChunk;
import org.hanse.proto.v1.HelloRequest;
import org.hanse.proto.v1.JobServiceGrpc;
import org.hanse.proto.v1.NextWorkRequest;
import org.hanse.proto.v1.Position;
import org.hanse.proto.v1.SendMessageRequest;
import org.hanse.proto.v1.ShareEntry;
import org.hanse.proto.v1.Shares;
import org.hanse.proto.v1.SiteServiceGrpc;
import org.hanse.proto.v1.Stage;
import org.hanse.proto.v1.SubmitJobRequest;
import org.hanse.proto.v1.UploadChunk;
import org.hanse.proto.v1.UploadRequest;
import org.hanse.wire.WireLimits;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RequestSizesTest {
  private static final Attempt ATTEMPT =
      Attempt.newBuilder()
          .setJob("j".repeat(63))
          .setRound(Limits.MAX_ROUNDS)
          .setAttempt(Limits.MAX_ATTEMPTS - 1)
          .build();

  private static ByteString bytes(int size) {
    return ByteString.copyFrom(new byte[size]);
  }

  private static SendMessageRequest shares(List<ShareEntry> entries) {
    return SendMessageRequest.newBuilder()
        .setAttempt(ATTEMPT)
        .setShares(
            Shares.newBuilder()
                .setRosterHash(bytes(32))
                .addAllEntries(entries)
                .setEntryRoot(bytes(32))
                .setSignature(bytes(64)))
        .build();
  }

  static Stream<Arguments> largest() {
    ShareEntry entry =
        ShareEntry.newBuilder()
            .setTo(bytes(32))
            .setNonce(bytes(12))
            .setCiphertext(bytes(112))
            .setSelfShareHash(bytes(32))
            .setMaskShareHash(bytes(32))
            .build();
    return Stream.of(
        Arguments.of(
            SiteServiceGrpc.getHelloMethod().getFullMethodName(),
            HelloRequest.newBuilder()
                .setProtocolVersion(Integer.MAX_VALUE)
                .setSigningCertificate(bytes(WireLimits.MAX_CERTIFICATE_BYTES))
                .build()),
        Arguments.of(
            SiteServiceGrpc.getNextWorkMethod().getFullMethodName(),
            NextWorkRequest.newBuilder()
                .addAllPositions(
                    Collections.nCopies(
                        WireLimits.MAX_POSITIONS,
                        Position.newBuilder()
                            .setAttempt(ATTEMPT)
                            .setStage(Stage.STAGE_JOB_ENDED)
                            .build()))
                .build()),
        Arguments.of(
            SiteServiceGrpc.getSendMessageMethod().getFullMethodName(),
            shares(Collections.nCopies(Limits.MAX_MEMBERS - 1, entry))),
        Arguments.of(
            SiteServiceGrpc.getSendMessageMethod().getFullMethodName(),
            shares(
                Collections.nCopies(
                    Limits.MAX_HYBRID_MEMBERS - 1,
                    entry.toBuilder()
                        .setChannelEncapsulation(bytes(1088))
                        .setMaskEncapsulation(bytes(1088))
                        .build()))),
        Arguments.of(
            SiteServiceGrpc.getUploadMethod().getFullMethodName(),
            UploadRequest.newBuilder()
                .setAttempt(ATTEMPT)
                .setChunk(
                    UploadChunk.newBuilder()
                        .setIndex(WireLimits.MAX_UPLOAD_CHUNKS)
                        .setData(bytes(WireLimits.MAX_CHUNK_BYTES)))
                .build()),
        Arguments.of(
            JobServiceGrpc.getSubmitJobMethod().getFullMethodName(),
            SubmitJobRequest.newBuilder().setManifest(bytes(Limits.MAX_MANIFEST_BYTES)).build()),
        Arguments.of(
            JobServiceGrpc.getSubmitJobMethod().getFullMethodName(),
            SubmitJobRequest.newBuilder()
                .setModel(
                    DataChunk.newBuilder()
                        .setOffsetBytes(WireLimits.MAX_VECTOR_BYTES)
                        .setData(bytes(WireLimits.MAX_CHUNK_BYTES)))
                .build()));
  }

  @ParameterizedTest
  @MethodSource("largest")
  void maxBytes_largestValidRequest_fits(String method, Message request) {
    assertThat(request.getSerializedSize()).isLessThanOrEqualTo(RequestSizes.maxBytes(method));
    assertThat(RequestSizes.maxBytes(method)).isLessThan(WireLimits.MAX_MESSAGE_BYTES);
  }
}
