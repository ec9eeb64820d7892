package org.hanse.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.hanse.core.crypto.SecretBytes;
import org.hanse.core.crypto.X25519Key;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.secagg.mask.Encapsulations;
import org.hanse.core.secagg.mask.Revelation;
import org.hanse.proto.v1.GetRevelationRequest;
import org.hanse.proto.v1.GetUploadedChunkRequest;
import org.hanse.proto.v1.RevealedSecret;
import org.hanse.wire.value.ChunkRequest;
import org.hanse.wire.value.UploadedChunk;

/** What a site asks for to audit a sum, and the answers. */
public final class AuditMessages {
  private AuditMessages() {}

  public static GetRevelationRequest encodeRevelationRequest(AttemptId attempt) {
    return GetRevelationRequest.newBuilder().setAttempt(AttemptMessages.encode(attempt)).build();
  }

  public static AttemptId decode(GetRevelationRequest message) {
    return AttemptMessages.decode(
        FieldPath.ROOT.dot("attempt"), message.hasAttempt(), message.getAttempt());
  }

  /** The secrets leave their wrapper here: they are no secrets any more. */
  public static org.hanse.proto.v1.Revelation encode(Revelation revelation) {
    org.hanse.proto.v1.Revelation.Builder message = org.hanse.proto.v1.Revelation.newBuilder();
    for (Fingerprint site : revelation.sites()) {
      SecretBytes secret = revelation.of(site);
      message.addSecrets(
          RevealedSecret.newBuilder()
              .setSite(FieldPath.bytesOf(site))
              .setSecret(ByteString.copyFrom(secret.toByteArray())));
      secret.erase();
    }
    revelation
        .encapsulations()
        .entries()
        .forEach(entry -> message.addEncapsulations(StepMessages.encode(entry)));
    return message.build();
  }

  public static Revelation decode(org.hanse.proto.v1.Revelation message) {
    record Revealed(Fingerprint site, SecretBytes secret) {}
    List<Revealed> all =
        FieldPath.ROOT
            .dot("secrets")
            .ofSites(
                message.getSecretsList(),
                (path, m) ->
                    new Revealed(
                        path.dot("site").fingerprint(m.getSite()),
                        SecretBytes.adopt(
                            path.dot("secret")
                                .bytes(m.getSecret(), X25519Key.SIZE_BYTES)
                                .toByteArray())),
                Revealed::site);
    SortedMap<Fingerprint, SecretBytes> secrets = new TreeMap<>();
    all.forEach(revealed -> secrets.put(revealed.site(), revealed.secret()));
    return new Revelation(
        secrets,
        new Encapsulations(
            FieldPath.ROOT
                .dot("encapsulations")
                .list(
                    message.getEncapsulationsList(),
                    0,
                    WireLimits.MAX_ENCAPSULATIONS,
                    StepMessages::decode)));
  }

  public static GetUploadedChunkRequest encode(ChunkRequest request) {
    return GetUploadedChunkRequest.newBuilder()
        .setAttempt(AttemptMessages.encode(request.attempt()))
        .setSite(FieldPath.bytesOf(request.site()))
        .setIndex(request.index())
        .build();
  }

  public static ChunkRequest decode(GetUploadedChunkRequest message) {
    FieldPath root = FieldPath.ROOT;
    return new ChunkRequest(
        AttemptMessages.decode(root.dot("attempt"), message.hasAttempt(), message.getAttempt()),
        root.dot("site").fingerprint(message.getSite()),
        root.dot("index").range(message.getIndex(), 0, WireLimits.MAX_UPLOAD_CHUNKS - 1));
  }

  /** Wraps the caller's array, which must not change afterwards. */
  public static org.hanse.proto.v1.UploadedChunk encode(UploadedChunk chunk) {
    org.hanse.proto.v1.UploadedChunk.Builder message =
        org.hanse.proto.v1.UploadedChunk.newBuilder()
            .setData(UnsafeByteOperations.unsafeWrap(chunk.data()));
    chunk.path().forEach(hash -> message.addPath(FieldPath.bytesOf(hash)));
    return message.build();
  }

  public static UploadedChunk decode(org.hanse.proto.v1.UploadedChunk message) {
    FieldPath root = FieldPath.ROOT;
    return new UploadedChunk(
        root.dot("data").elements(message.getData()),
        root.dot("path")
            .list(message.getPathList(), 0, WireLimits.MAX_CHUNK_PATH_HASHES, FieldPath::hash));
  }
}
