package org.hanse.simulation.attack.grpc;

import io.grpc.ManagedChannel;
import java.io.ByteArrayOutputStream;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.hanse.core.crypto.SigningKey;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.JobId;
import org.hanse.proto.v1.DataChunk;
import org.hanse.proto.v1.SiteServiceGrpc;
import org.hanse.proto.v1.SiteServiceGrpc.SiteServiceBlockingStub;
import org.hanse.simulation.attack.Backstage;
import org.hanse.wire.SessionMessages;
import org.hanse.wire.TransferMessages;
import org.hanse.wire.value.DownloadRequest;

/** Asks the honest coordinator, over a channel that it trusts. Thread-safe. */
final class OperatorTools implements Backstage {
  private static final int PATIENCE_SECONDS = 10;

  private final SigningKey signingKey;
  private final ManagedChannel channel;
  private final Consumer<String> told;
  private final Map<JobId, Bytes> manifests = new ConcurrentHashMap<>();
  private final Map<AttemptId, byte[]> sums = new ConcurrentHashMap<>();

  OperatorTools(SigningKey signingKey, ManagedChannel channel, Consumer<String> told) {
    this.signingKey = signingKey;
    this.channel = channel;
    this.told = told;
  }

  @Override
  public Bytes manifest(JobId job) {
    return manifests.computeIfAbsent(
        job,
        wanted ->
            SessionMessages.decode(
                stub().getManifest(SessionMessages.encodeManifestRequest(wanted))));
  }

  @Override
  public byte[] sum(AttemptId attempt) {
    return sums.computeIfAbsent(attempt, this::download).clone();
  }

  private byte[] download(AttemptId attempt) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Iterator<DataChunk> chunks =
        stub().downloadResult(TransferMessages.encode(new DownloadRequest.Result(attempt, 0)));
    while (chunks.hasNext()) {
      bytes.writeBytes(TransferMessages.decode(chunks.next()).data());
    }
    return bytes.toByteArray();
  }

  private SiteServiceBlockingStub stub() {
    return SiteServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public SigningKey signingKey() {
    return signingKey;
  }

  @Override
  public void tell(String words) {
    told.accept(words);
  }
}
