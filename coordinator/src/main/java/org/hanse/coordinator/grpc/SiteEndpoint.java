package org.hanse.coordinator.grpc;

import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.hanse.coordinator.authority.ConsortiumAuthority.SigningCheck;
import org.hanse.coordinator.engine.Answer;
import org.hanse.coordinator.engine.Timers;
import org.hanse.coordinator.engine.WorkBoard;
import org.hanse.coordinator.grpc.JobAccess.Seat;
import org.hanse.coordinator.round.CertifiedKey;
import org.hanse.coordinator.round.RoundEvent;
import org.hanse.coordinator.storage.UploadSpool;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Limits;
import org.hanse.core.plan.RoundId;
import org.hanse.core.plan.SiteId;
import org.hanse.core.secagg.FromSite;
import org.hanse.proto.v1.DataChunk;
import org.hanse.proto.v1.DownloadModelRequest;
import org.hanse.proto.v1.DownloadResultRequest;
import org.hanse.proto.v1.GetManifestRequest;
import org.hanse.proto.v1.GetManifestResponse;
import org.hanse.proto.v1.GetRevelationRequest;
import org.hanse.proto.v1.GetUploadStatusRequest;
import org.hanse.proto.v1.GetUploadStatusResponse;
import org.hanse.proto.v1.GetUploadedChunkRequest;
import org.hanse.proto.v1.HelloRequest;
import org.hanse.proto.v1.HelloResponse;
import org.hanse.proto.v1.NextWorkRequest;
import org.hanse.proto.v1.NextWorkResponse;
import org.hanse.proto.v1.ReportTrainingRequest;
import org.hanse.proto.v1.ReportTrainingResponse;
import org.hanse.proto.v1.Revelation;
import org.hanse.proto.v1.SendMessageRequest;
import org.hanse.proto.v1.SendMessageResponse;
import org.hanse.proto.v1.SiteServiceGrpc;
import org.hanse.proto.v1.UploadRequest;
import org.hanse.proto.v1.UploadResponse;
import org.hanse.proto.v1.UploadedChunk;
import org.hanse.wire.AttemptMessages;
import org.hanse.wire.AuditMessages;
import org.hanse.wire.SessionMessages;
import org.hanse.wire.SiteMessages;
import org.hanse.wire.TransferMessages;
import org.hanse.wire.WireLimits;
import org.hanse.wire.status.ErrorReason;
import org.hanse.wire.status.StatusMapper;
import org.hanse.wire.value.AttemptMessage;
import org.hanse.wire.value.ChunkRequest;
import org.hanse.wire.value.DownloadRequest;
import org.hanse.wire.value.Greeting;
import org.hanse.wire.value.RoundReport;
import org.hanse.wire.value.TrainingReport;
import org.hanse.wire.value.UploadProgress;
import org.hanse.wire.value.Work;

/** What sites ask. The site of every call is the peer's; what it may not touch it does not see. */
final class SiteEndpoint extends SiteServiceGrpc.SiteServiceImplBase {
  private final ServiceParts parts;
  private final JobAccess jobs;
  private final Responses responses;
  private final Downloads downloads;

  SiteEndpoint(ServiceParts parts, Downloads downloads) {
    this.parts = parts;
    this.downloads = downloads;
    this.jobs = new JobAccess(parts.jobs());
    this.responses = new Responses(parts.executor());
  }

  @Override
  public void hello(HelloRequest request, StreamObserver<HelloResponse> observer) {
    SiteId site = Callers.site();
    Greeting.Hello hello = SessionMessages.decode(request);
    if (hello.protocolVersion() < WireLimits.PROTOCOL_VERSION) {
      throw StatusMapper.toStatus(
          ErrorReason.UNSUPPORTED_VERSION, "version " + WireLimits.PROTOCOL_VERSION + " is spoken");
    }
    SigningCheck check =
        parts
            .authority()
            .checkSigning(hello.signingCertificate().toByteArray(), site, parts.clock().instant());
    switch (check) {
      case SigningCheck.Accepted(CertifiedKey key) -> register(site, key);
      case SigningCheck.Refused(String detail) ->
          throw StatusMapper.toStatus(ErrorReason.SIGNING_CERTIFICATE_REFUSED, detail);
      case SigningCheck.OtherSite() ->
          throw StatusMapper.toStatus(
              ErrorReason.FOREIGN_SITE, "the signing certificate is another site's");
    }
    Responses.send(
        observer,
        SessionMessages.encode(
            new Greeting.Welcome(
                WireLimits.PROTOCOL_VERSION, site, (int) parts.poll().toSeconds())));
  }

  private void register(SiteId site, CertifiedKey key) {
    try {
      parts.sites().seen(site, key, parts.clock().instant());
    } catch (IOException e) {
      throw parts.storageFailed(e);
    }
    parts.signers().register(site, key);
  }

  @Override
  public void nextWork(NextWorkRequest request, StreamObserver<NextWorkResponse> observer) {
    CompletableFuture<Optional<WorkBoard.Offer>> offer =
        parts.board().poll(Callers.site(), AttemptMessages.decode(request));
    Timers.Alarm alarm =
        parts
            .timers()
            .schedule(
                parts.clock().instant().plus(parts.poll()), () -> offer.complete(Optional.empty()));
    if (observer instanceof ServerCallStreamObserver<NextWorkResponse> call) {
      call.setOnCancelHandler(() -> offer.complete(Optional.empty()));
    }
    responses.sendWhenDone(
        offer,
        observer,
        found -> {
          alarm.cancel();
          return AttemptMessages.encodeNextWork(found.map(this::work));
        });
  }

  private Work work(WorkBoard.Offer offer) {
    Instant now = parts.clock().instant();
    long seconds = offer.answerBy().map(by -> Duration.between(now, by).toSeconds()).orElse(0L);
    return new Work(
        offer.position(), Math.clamp(seconds, 0, Limits.MAX_DEADLINE_SECONDS), offer.content());
  }

  @Override
  public void getManifest(
      GetManifestRequest request, StreamObserver<GetManifestResponse> observer) {
    Seat seat = jobs.seatOf(Callers.site(), SessionMessages.decode(request));
    Responses.send(observer, SessionMessages.encodeManifest(seat.job().description().exactBytes()));
  }

  @Override
  public void reportTraining(
      ReportTrainingRequest request, StreamObserver<ReportTrainingResponse> observer) {
    RoundReport report = SiteMessages.decode(request);
    SiteId site = Callers.site();
    Seat seat = jobs.seatOf(site, report.round().job());
    CompletableFuture<Answer> answer =
        switch (report.report()) {
          case TrainingReport.Ready() -> ready(report.round(), seat, pinnedKey(site, seat));
          case TrainingReport.Declined(var reason) ->
              seat.job()
                  .submit(at ->
                      new RoundEvent.TrainingDeclined(report.round(), seat.key(), reason, at));
        };
    responses.sendWhenDone(
        answer,
        observer,
        said -> {
          JobAccess.requireTaken(said);
          return ReportTrainingResponse.getDefaultInstance();
        });
  }

  private static CompletableFuture<Answer> ready(RoundId round, Seat seat, CertifiedKey key) {
    return seat.job().submit(at -> new RoundEvent.TrainingFinished(round, seat.key(), key, at));
  }

  /** The signing key that the site presented, if it is the one the manifest pins for it. */
  private CertifiedKey pinnedKey(SiteId site, Seat seat) {
    CertifiedKey key =
        parts
            .signers()
            .of(site)
            .orElseThrow(
                () -> StatusMapper.toStatus(ErrorReason.HELLO_REQUIRED, "say hello first"));
    if (!key.validAt(parts.clock().instant())) {
      throw StatusMapper.toStatus(
          ErrorReason.HELLO_REQUIRED,
          "the signing certificate has ended: say hello with its renewal");
    }
    if (!key.entry().site().equals(seat.key())) {
      boolean anotherMembers =
          seat.job()
              .description()
              .manifest()
              .consortium()
              .memberByKey(key.entry().site())
              .isPresent();
      throw anotherMembers
          ? foreign()
          : StatusMapper.toStatus(
              ErrorReason.NOT_A_MEMBER, "the manifest pins another signing key for this site");
    }
    return key;
  }

  @Override
  public void sendMessage(
      SendMessageRequest request, StreamObserver<SendMessageResponse> observer) {
    AttemptMessage message = SiteMessages.decode(request);
    Seat seat = jobs.seatOf(Callers.site(), message.attempt().round().job());
    Fingerprint site = seat.key();
    if (message.message() instanceof FromSite.Advertisement ad && !ad.site().equals(site)) {
      throw foreign();
    }
    responses.sendWhenDone(
        seat.job()
            .submit(at ->
                new RoundEvent.MessageReceived(message.attempt(), site, message.message(), at)),
        observer,
        said -> {
          // The verdict of a slow site on a job's last round has nothing left to change.
          boolean afterthought =
              said instanceof Answer.JobOver && message.message() instanceof FromSite.Verdict;
          if (!afterthought) {
            JobAccess.requireTaken(said);
          }
          return SendMessageResponse.getDefaultInstance();
        });
  }

  private static StatusRuntimeException foreign() {
    return StatusMapper.toStatus(ErrorReason.FOREIGN_SITE, "this is another site's to say");
  }

  @Override
  public void getUploadStatus(
      GetUploadStatusRequest request, StreamObserver<GetUploadStatusResponse> observer) {
    AttemptId attempt = AttemptMessages.decode(request);
    Seat seat = jobs.seatOf(Callers.site(), attempt.round().job());
    UploadSpool spool =
        seat.job()
            .files()
            .uploads()
            .find(attempt, seat.key())
            .orElseThrow(
                () -> StatusMapper.toStatus(ErrorReason.LATE, "no upload of this site is awaited"));
    try {
      Responses.send(
          observer,
          TransferMessages.encodeStatus(
              new UploadProgress(spool.storedChunks(), spool.acknowledged())));
    } catch (IOException e) {
      throw parts.storageFailed(e);
    }
  }

  @Override
  public StreamObserver<UploadRequest> upload(StreamObserver<UploadResponse> observer) {
    return UploadReceiver.start(
        parts, Callers.site(), (ServerCallStreamObserver<UploadResponse>) observer);
  }

  @Override
  public void downloadModel(DownloadModelRequest request, StreamObserver<DataChunk> observer) {
    DownloadRequest.Model wanted = TransferMessages.decode(request);
    Seat seat = jobs.seatOf(Callers.site(), wanted.job());
    downloads.send(
        () -> seat.job().files().models().open(wanted.modelHash()),
        () -> StatusMapper.toStatus(ErrorReason.UNKNOWN_MODEL, "the job has no such model"),
        wanted.offsetBytes(),
        observer);
  }

  @Override
  public void downloadResult(DownloadResultRequest request, StreamObserver<DataChunk> observer) {
    DownloadRequest.Result wanted = TransferMessages.decode(request);
    Seat seat = jobs.seatOf(Callers.site(), wanted.attempt().round().job());
    downloads.send(
        () -> seat.job().files().sums().open(wanted.attempt()),
        () ->
            StatusMapper.toStatus(
                ErrorReason.RESULT_UNAVAILABLE, "there is no sum of this attempt"),
        wanted.offsetBytes(),
        observer);
  }

  @Override
  public void getRevelation(GetRevelationRequest request, StreamObserver<Revelation> observer) {
    AttemptId attempt = AuditMessages.decode(request);
    Seat seat = jobs.seatOf(Callers.site(), attempt.round().job());
    downloads.send(
        () -> seat.job().files().audits().revelation(attempt).map(SiteEndpoint::publish),
        SiteEndpoint::notAuditable,
        observer);
  }

  private static Revelation publish(org.hanse.core.secagg.mask.Revelation revelation) {
    Revelation message = AuditMessages.encode(revelation);
    revelation.erase();
    return message;
  }

  @Override
  public void getUploadedChunk(
      GetUploadedChunkRequest request, StreamObserver<UploadedChunk> observer) {
    ChunkRequest wanted = AuditMessages.decode(request);
    Seat seat = jobs.seatOf(Callers.site(), wanted.attempt().round().job());
    downloads.send(
        () -> seat.job().files().audits().chunk(wanted).map(AuditMessages::encode),
        SiteEndpoint::notAuditable,
        observer);
  }

  private static StatusRuntimeException notAuditable() {
    return StatusMapper.toStatus(
        ErrorReason.AUDIT_UNAVAILABLE, "the attempt cannot be audited now, or has no such chunk");
  }
}
