package org.hanse.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.util.Optional;
import org.hanse.core.plan.AttemptId;
import org.hanse.proto.v1.DataChunk;
import org.hanse.proto.v1.DownloadJobModelRequest;
import org.hanse.proto.v1.DownloadModelRequest;
import org.hanse.proto.v1.DownloadResultRequest;
import org.hanse.proto.v1.GetUploadStatusResponse;
import org.hanse.proto.v1.UploadChunk;
import org.hanse.proto.v1.UploadRequest;
import org.hanse.proto.v1.UploadResponse;
import org.hanse.wire.value.DataPiece;
import org.hanse.wire.value.DownloadRequest;
import org.hanse.wire.value.UploadPart;
import org.hanse.wire.value.UploadProgress;

/**
 * Uploads of masked vectors, downloads of models and sums. Encoding wraps the caller's array, which
 * must not change afterwards; decoding copies once.
 */
public final class TransferMessages {
  private TransferMessages() {}

  public static UploadRequest encode(UploadPart part) {
    UploadRequest.Builder request = UploadRequest.newBuilder();
    part.attempt().map(AttemptMessages::encode).ifPresent(request::setAttempt);
    return switch (part) {
      case UploadPart.Chunk chunk ->
          request
              .setChunk(
                  UploadChunk.newBuilder()
                      .setIndex(chunk.index())
                      .setData(UnsafeByteOperations.unsafeWrap(chunk.data())))
              .build();
      case UploadPart.Commit commit ->
          request.setCommit(SiteMessages.encode(commit.commit())).build();
    };
  }

  public static UploadPart decode(UploadRequest message) {
    FieldPath root = FieldPath.ROOT;
    Optional<AttemptId> attempt =
        message.hasAttempt()
            ? Optional.of(AttemptMessages.decode(root.dot("attempt"), true, message.getAttempt()))
            : Optional.empty();
    return switch (message.getPartCase()) {
      case CHUNK -> decode(root.dot("chunk"), attempt, message.getChunk());
      case COMMIT ->
          new UploadPart.Commit(
              attempt, SiteMessages.decode(root.dot("commit"), message.getCommit()));
      case PART_NOT_SET -> throw root.dot("part").refuse("must be set");
    };
  }

  private static UploadPart.Chunk decode(
      FieldPath path, Optional<AttemptId> attempt, UploadChunk m) {
    long index = path.dot("index").range(m.getIndex(), 0, WireLimits.MAX_UPLOAD_CHUNKS - 1);
    return new UploadPart.Chunk(attempt, index, path.dot("data").elements(m.getData()));
  }

  public static GetUploadStatusResponse encodeStatus(UploadProgress progress) {
    return GetUploadStatusResponse.newBuilder()
        .setStoredChunks(progress.storedChunks())
        .setCommitted(progress.committed())
        .build();
  }

  public static UploadProgress decode(GetUploadStatusResponse message) {
    return new UploadProgress(stored(message.getStoredChunks()), message.getCommitted());
  }

  public static UploadResponse encode(UploadProgress progress) {
    return UploadResponse.newBuilder()
        .setStoredChunks(progress.storedChunks())
        .setCommitted(progress.committed())
        .build();
  }

  public static UploadProgress decode(UploadResponse message) {
    return new UploadProgress(stored(message.getStoredChunks()), message.getCommitted());
  }

  private static long stored(long chunks) {
    return FieldPath.ROOT.dot("stored_chunks").range(chunks, 0, WireLimits.MAX_UPLOAD_CHUNKS);
  }

  public static DataChunk encode(DataPiece piece) {
    return DataChunk.newBuilder()
        .setOffsetBytes(piece.offsetBytes())
        .setData(UnsafeByteOperations.unsafeWrap(piece.data()))
        .build();
  }

  public static DataPiece decode(DataChunk message) {
    return decode(FieldPath.ROOT, message);
  }

  static DataPiece decode(FieldPath path, DataChunk m) {
    long offset = offset(path, m.getOffsetBytes());
    ByteString data = path.dot("data").sized(m.getData(), 1, WireLimits.MAX_CHUNK_BYTES);
    return new DataPiece(offset, data.toByteArray());
  }

  private static long offset(FieldPath path, long offsetBytes) {
    return path.dot("offset_bytes").range(offsetBytes, 0, WireLimits.MAX_VECTOR_BYTES);
  }

  public static DownloadModelRequest encode(DownloadRequest.Model request) {
    return DownloadModelRequest.newBuilder()
        .setJob(request.job().value())
        .setModelHash(FieldPath.bytesOf(request.modelHash()))
        .setOffsetBytes(request.offsetBytes())
        .build();
  }

  public static DownloadRequest.Model decode(DownloadModelRequest message) {
    FieldPath root = FieldPath.ROOT;
    return new DownloadRequest.Model(
        root.dot("job").job(message.getJob()),
        root.dot("model_hash").hash(message.getModelHash()),
        offset(root, message.getOffsetBytes()));
  }

  public static DownloadResultRequest encode(DownloadRequest.Result request) {
    return DownloadResultRequest.newBuilder()
        .setAttempt(AttemptMessages.encode(request.attempt()))
        .setOffsetBytes(request.offsetBytes())
        .build();
  }

  public static DownloadRequest.Result decode(DownloadResultRequest message) {
    FieldPath root = FieldPath.ROOT;
    return new DownloadRequest.Result(
        AttemptMessages.decode(root.dot("attempt"), message.hasAttempt(), message.getAttempt()),
        offset(root, message.getOffsetBytes()));
  }

  /** A researcher's request; a site's is {@link #encode(DownloadRequest.Model)}. */
  public static DownloadJobModelRequest encodeJobModel(DownloadRequest.Model request) {
    return DownloadJobModelRequest.newBuilder()
        .setJob(request.job().value())
        .setModelHash(FieldPath.bytesOf(request.modelHash()))
        .setOffsetBytes(request.offsetBytes())
        .build();
  }

  public static DownloadRequest.Model decode(DownloadJobModelRequest message) {
    FieldPath root = FieldPath.ROOT;
    return new DownloadRequest.Model(
        root.dot("job").job(message.getJob()),
        root.dot("model_hash").hash(message.getModelHash()),
        offset(root, message.getOffsetBytes()));
  }
}
