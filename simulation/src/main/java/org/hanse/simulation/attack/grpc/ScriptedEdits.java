package org.hanse.simulation.attack.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import io.grpc.MethodDescriptor;
import java.util.Optional;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.SiteId;
import org.hanse.proto.v1.DataChunk;
import org.hanse.proto.v1.DownloadResultRequest;
import org.hanse.proto.v1.GetManifestResponse;
import org.hanse.proto.v1.SendMessageRequest;
import org.hanse.proto.v1.SendMessageResponse;
import org.hanse.proto.v1.SiteServiceGrpc;
import org.hanse.simulation.attack.Script;
import org.hanse.wire.SessionMessages;
import org.hanse.wire.SiteMessages;
import org.hanse.wire.TransferMessages;
import org.jspecify.annotations.Nullable;

/** What the script does to the calls of one site, but for its requests for work. */
final class ScriptedEdits {
  private final Script script;
  private final WorkDesk desk;
  private final SiteId site;

  ScriptedEdits(Script script, WorkDesk desk, SiteId site) {
    this.script = script;
    this.desk = desk;
    this.site = site;
  }

  /** For one call of this method. */
  Edits of(String method) {
    if (is(SiteServiceGrpc.getSendMessageMethod(), method)) {
      return new Messages();
    }
    if (is(SiteServiceGrpc.getGetManifestMethod(), method)) {
      return new Manifests();
    }
    if (is(SiteServiceGrpc.getDownloadModelMethod(), method)) {
      return new Models();
    }
    return is(SiteServiceGrpc.getDownloadResultMethod(), method) ? new Sums() : Edits.NONE;
  }

  private static boolean is(MethodDescriptor<?, ?> method, String name) {
    return method.getFullMethodName().equals(name);
  }

  private static <T> T parsed(Parser<T> parser, byte[] bytes) {
    try {
      return parser.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a peer speaks another protocol", e);
    }
  }

  private final class Messages implements Edits {
    @Override
    public Optional<byte[]> answer(byte[] request) {
      boolean passes =
          script.passes(site, SiteMessages.decode(parsed(SendMessageRequest.parser(), request)));
      desk.look();
      return passes
          ? Optional.empty()
          : Optional.of(SendMessageResponse.getDefaultInstance().toByteArray());
    }
  }

  private final class Manifests implements Edits {
    @Override
    public byte[] response(byte[] honest) {
      return SessionMessages.encodeManifest(
              script.manifest(
                  site, SessionMessages.decode(parsed(GetManifestResponse.parser(), honest))))
          .toByteArray();
    }
  }

  private final class Models implements Edits {
    @Override
    public byte[] response(byte[] honest) {
      return TransferMessages.encode(
              script.model(site, TransferMessages.decode(parsed(DataChunk.parser(), honest))))
          .toByteArray();
    }
  }

  private final class Sums implements Edits {
    private @Nullable AttemptId attempt;

    @Override
    public Optional<byte[]> answer(byte[] request) {
      attempt = TransferMessages.decode(parsed(DownloadResultRequest.parser(), request)).attempt();
      return Optional.empty();
    }

    @Override
    public byte[] response(byte[] honest) {
      AttemptId asked = attempt;
      if (asked == null) {
        throw new IllegalStateException("a response before its request");
      }
      return TransferMessages.encode(
              script.sum(site, asked, TransferMessages.decode(parsed(DataChunk.parser(), honest))))
          .toByteArray();
    }
  }
}
