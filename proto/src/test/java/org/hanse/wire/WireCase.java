package org.hanse.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.SiteId;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.mask.Revelation;
import org.hanse.proto.v1.DataChunk;
import org.hanse.proto.v1.DownloadJobModelRequest;
import org.hanse.proto.v1.DownloadModelRequest;
import org.hanse.proto.v1.DownloadResultRequest;
import org.hanse.proto.v1.GetJobRequest;
import org.hanse.proto.v1.GetManifestRequest;
import org.hanse.proto.v1.GetManifestResponse;
import org.hanse.proto.v1.GetRevelationRequest;
import org.hanse.proto.v1.GetUploadStatusRequest;
import org.hanse.proto.v1.GetUploadStatusResponse;
import org.hanse.proto.v1.GetUploadedChunkRequest;
import org.hanse.proto.v1.HelloRequest;
import org.hanse.proto.v1.HelloResponse;
import org.hanse.proto.v1.JobEvent;
import org.hanse.proto.v1.JobStatus;
import org.hanse.proto.v1.ListJobsResponse;
import org.hanse.proto.v1.NextWorkRequest;
import org.hanse.proto.v1.NextWorkResponse;
import org.hanse.proto.v1.OrderRequest;
import org.hanse.proto.v1.ReportTrainingRequest;
import org.hanse.proto.v1.SendMessageRequest;
import org.hanse.proto.v1.SubmitJobRequest;
import org.hanse.proto.v1.SubmitJobResponse;
import org.hanse.proto.v1.UploadRequest;
import org.hanse.proto.v1.UploadResponse;
import org.hanse.proto.v1.WatchJobRequest;
import org.hanse.proto.v1.WorkItem;
import org.hanse.wire.value.AttemptMessage;
import org.hanse.wire.value.DownloadRequest;
import org.hanse.wire.value.Greeting;
import org.hanse.wire.value.JobEventEntry;
import org.hanse.wire.value.JobEventValue;
import org.hanse.wire.value.JobState;
import org.hanse.wire.value.JobSummary;
import org.hanse.wire.value.OrderedJob;
import org.hanse.wire.value.RoundReport;
import org.hanse.wire.value.SubmitPart;
import org.hanse.wire.value.SubmitReceipt;
import org.hanse.wire.value.TrainingReport;
import org.hanse.wire.value.UploadPart;
import org.hanse.wire.value.UploadProgress;
import org.hanse.wire.value.UploadedChunk;
import org.hanse.wire.value.WatchRequest;
import org.hanse.wire.value.Work;
import org.hanse.wire.value.WorkContent;

/**
 * One kind of message that a call carries, in one of its shapes: a value for any seed, and the way
 * to bytes and back.
 */
record WireCase<V, M extends Message>(
    String name,
    Function<Samples, V> sample,
    Function<V, M> encode,
    Parser<M> parser,
    Function<M, V> decode) {
  @Override
  public String toString() {
    return name;
  }

  M message(long seed) {
    return encode.apply(sample.apply(new Samples(seed)));
  }

  V decodeBytes(byte[] bytes) throws InvalidProtocolBufferException {
    return decode.apply(parser.parseFrom(bytes));
  }

  /** The message, which must be of this case's type, as a value. */
  V decodeMessage(Message message) {
    try {
      return decodeBytes(message.toByteArray());
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError("valid bytes were not parsed", e);
    }
  }

  static Stream<WireCase<?, ?>> all() {
    return Stream.of(rounds(), work(), transfers(), audits(), jobs(), events())
        .flatMap(List::stream);
  }

  private static WireCase<AttemptMessage, SendMessageRequest> sent(
      String name, Function<Samples, AttemptMessage> sample) {
    return new WireCase<>(
        name, sample, SiteMessages::encode, SendMessageRequest.parser(), SiteMessages::decode);
  }

  private static WireCase<RoundReport, ReportTrainingRequest> reported(
      String name, Function<Samples, TrainingReport> sample) {
    return new WireCase<>(
        name,
        s -> s.report(sample.apply(s)),
        SiteMessages::encode,
        ReportTrainingRequest.parser(),
        SiteMessages::decode);
  }

  private static List<WireCase<?, ?>> rounds() {
    return List.of(
        sent("advertisement", s -> s.sent(s.advertisement())),
        sent("shares", s -> s.sent(s.shares())),
        sent("advertisement-hybrid", s -> s.hybrid().sent(s.advertisement())),
        sent("shares-hybrid", s -> s.hybrid().sent(s.shares())),
        sent("confirmation", s -> s.sent(s.confirmation())),
        sent("release", s -> s.sent(s.release())),
        sent("verdict", s -> s.sent(s.verdict())),
        sent("withdrawal", s -> s.sent(s.withdrawal())),
        sent("complaint", s -> s.sent(s.complaint())),
        reported("ready", s -> new TrainingReport.Ready()),
        reported("declined", Samples::declined),
        new WireCase<>(
            "hello",
            s -> new Greeting.Hello(1, s.bytes(700)),
            SessionMessages::encode,
            HelloRequest.parser(),
            SessionMessages::decode),
        new WireCase<>(
            "welcome",
            s -> new Greeting.Welcome(1, new SiteId(s.name()), s.between(1, 300)),
            SessionMessages::encode,
            HelloResponse.parser(),
            SessionMessages::decode),
        new WireCase<>(
            "manifest-request",
            Samples::job,
            SessionMessages::encodeManifestRequest,
            GetManifestRequest.parser(),
            SessionMessages::decode),
        new WireCase<>(
            "manifest-response",
            s -> s.bytes(300),
            SessionMessages::encodeManifest,
            GetManifestResponse.parser(),
            SessionMessages::decode));
  }

  private static WireCase<Work, WorkItem> item(String name, Function<Samples, WorkContent> sample) {
    return new WireCase<>(
        name,
        s -> s.work(sample.apply(s)),
        WorkMessages::encode,
        WorkItem.parser(),
        WorkMessages::decode);
  }

  private static List<WireCase<?, ?>> work() {
    return List.of(
        new WireCase<>(
            "next-work-request",
            s -> s.list(2, 6, s::position),
            AttemptMessages::encodePositions,
            NextWorkRequest.parser(),
            AttemptMessages::decode),
        new WireCase<>(
            "next-work-response",
            s -> Optional.of(s.work(s.train(false))),
            AttemptMessages::encodeNextWork,
            NextWorkResponse.parser(),
            AttemptMessages::decode),
        new WireCase<>(
            "next-work-nothing",
            s -> Optional.<Work>empty(),
            AttemptMessages::encodeNextWork,
            NextWorkResponse.parser(),
            AttemptMessages::decode),
        item("work-train", s -> s.train(false)),
        item("work-train-adoption", s -> s.train(true)),
        item("work-start", Samples::start),
        item("work-roster", s -> new WorkContent.Step(s.roster())),
        item("work-shares", s -> new WorkContent.Step(s.sharesFor())),
        item("work-roster-hybrid", s -> new WorkContent.Step(s.hybrid().roster())),
        item("work-shares-hybrid", s -> new WorkContent.Step(s.hybrid().sharesFor())),
        item("work-survivors", s -> new WorkContent.Step(s.survivors())),
        item("work-quorum", s -> new WorkContent.Step(s.quorum())),
        item("work-result", s -> new WorkContent.Step(s.result())),
        item("work-closed-published", s -> s.closed(true)),
        item("work-closed-aborted", s -> s.closed(false)),
        item("work-ended-completed", s -> s.ended(JobState.COMPLETED)),
        item("work-ended-failed", s -> s.ended(JobState.FAILED)),
        item("work-ended-aborted", s -> s.ended(JobState.ABORTED)),
        item("work-paused", s -> new WorkContent.JobPaused(Optional.empty())),
        item(
            "work-paused-by-itself",
            s -> new WorkContent.JobPaused(Optional.of(AbortReason.RESULT_REFUSED))));
  }

  private static WireCase<UploadPart, UploadRequest> upload(
      String name, Function<Samples, UploadPart> sample) {
    return new WireCase<>(
        name, sample, TransferMessages::encode, UploadRequest.parser(), TransferMessages::decode);
  }

  private static List<WireCase<?, ?>> transfers() {
    return List.of(
        upload("upload-first-chunk", s -> s.chunk(true)),
        upload("upload-chunk", s -> s.chunk(false)),
        upload("upload-commit", s -> new UploadPart.Commit(Optional.empty(), s.commit())),
        new WireCase<>(
            "upload-status-request",
            Samples::attempt,
            AttemptMessages::encodeUploadStatusRequest,
            GetUploadStatusRequest.parser(),
            AttemptMessages::decode),
        new WireCase<>(
            "upload-status-response",
            s -> new UploadProgress(s.between(0, WireLimits.MAX_UPLOAD_CHUNKS), true),
            TransferMessages::encodeStatus,
            GetUploadStatusResponse.parser(),
            TransferMessages::decode),
        new WireCase<>(
            "upload-response",
            s -> new UploadProgress(s.between(0, WireLimits.MAX_UPLOAD_CHUNKS), false),
            TransferMessages::encode,
            UploadResponse.parser(),
            TransferMessages::decode),
        new WireCase<>(
            "data-chunk",
            Samples::piece,
            TransferMessages::encode,
            DataChunk.parser(),
            TransferMessages::decode),
        new WireCase<>(
            "download-model-request",
            s ->
                new DownloadRequest.Model(
                    s.job(), s.hash(), s.between(0, WireLimits.MAX_VECTOR_BYTES)),
            TransferMessages::encode,
            DownloadModelRequest.parser(),
            TransferMessages::decode),
        new WireCase<>(
            "download-result-request",
            s -> new DownloadRequest.Result(s.attempt(), s.between(0, WireLimits.MAX_VECTOR_BYTES)),
            TransferMessages::encode,
            DownloadResultRequest.parser(),
            TransferMessages::decode),
        new WireCase<>(
            "download-job-model-request",
            s ->
                new DownloadRequest.Model(
                    s.job(), s.hash(), s.between(0, WireLimits.MAX_VECTOR_BYTES)),
            TransferMessages::encodeJobModel,
            DownloadJobModelRequest.parser(),
            TransferMessages::decode));
  }

  private static List<WireCase<?, ?>> audits() {
    return List.of(
        new WireCase<>(
            "revelation-request",
            Samples::attempt,
            AuditMessages::encodeRevelationRequest,
            GetRevelationRequest.parser(),
            AuditMessages::decode),
        new WireCase<Revelation, org.hanse.proto.v1.Revelation>(
            "revelation",
            Samples::revelation,
            AuditMessages::encode,
            org.hanse.proto.v1.Revelation.parser(),
            AuditMessages::decode),
        new WireCase<>(
            "revelation-hybrid",
            s -> s.hybrid().revelation(),
            AuditMessages::encode,
            org.hanse.proto.v1.Revelation.parser(),
            AuditMessages::decode),
        new WireCase<>(
            "uploaded-chunk-request",
            Samples::chunkRequest,
            AuditMessages::encode,
            GetUploadedChunkRequest.parser(),
            AuditMessages::decode),
        new WireCase<UploadedChunk, org.hanse.proto.v1.UploadedChunk>(
            "uploaded-chunk",
            Samples::uploadedChunk,
            AuditMessages::encode,
            org.hanse.proto.v1.UploadedChunk.parser(),
            AuditMessages::decode));
  }

  private static List<WireCase<?, ?>> jobs() {
    return List.of(
        new WireCase<SubmitPart, SubmitJobRequest>(
            "submit-manifest",
            s -> new SubmitPart.Manifest(Bytes.of(s.array(300))),
            JobMessages::encode,
            SubmitJobRequest.parser(),
            JobMessages::decode),
        new WireCase<SubmitPart, SubmitJobRequest>(
            "submit-model",
            s -> new SubmitPart.Model(s.piece()),
            JobMessages::encode,
            SubmitJobRequest.parser(),
            JobMessages::decode),
        new WireCase<>(
            "submit-response",
            s -> new SubmitReceipt(s.job(), s.hash(), true),
            JobMessages::encode,
            SubmitJobResponse.parser(),
            JobMessages::decode),
        new WireCase<>(
            "get-job-request",
            Samples::job,
            JobMessages::encodeGetRequest,
            GetJobRequest.parser(),
            JobMessages::decode),
        new WireCase<>(
            "order-request",
            s -> new OrderedJob(s.job(), s.text()),
            StandingMessages::encode,
            OrderRequest.parser(),
            StandingMessages::decode),
        new WireCase<>(
            "watch-job-request",
            s -> new WatchRequest(s.job(), s.between(1, 1L << 40)),
            JobMessages::encode,
            WatchJobRequest.parser(),
            JobMessages::decode),
        new WireCase<>(
            "job-status",
            Samples::summary,
            JobMessages::encode,
            JobStatus.parser(),
            JobMessages::decode),
        new WireCase<>(
            "job-status-convicted",
            s -> s.summary(s.list(2, 4, () -> new JobSummary.Convicted(new SiteId(s.name()), 3))),
            JobMessages::encode,
            JobStatus.parser(),
            JobMessages::decode),
        new WireCase<>(
            "job-explanation",
            Samples::explanation,
            ExplanationMessages::encode,
            org.hanse.proto.v1.JobExplanation.parser(),
            ExplanationMessages::decode),
        new WireCase<>(
            "list-jobs-response",
            s -> s.list(2, 4, s::summary),
            JobMessages::encode,
            ListJobsResponse.parser(),
            JobMessages::decode));
  }

  private static WireCase<JobEventEntry, JobEvent> event(
      String name, Function<Samples, JobEventValue> sample) {
    return new WireCase<>(
        name,
        s -> s.entry(sample.apply(s)),
        JobEventMessages::encode,
        JobEvent.parser(),
        JobEventMessages::decode);
  }

  private static List<WireCase<?, ?>> events() {
    return List.of(
        event("event-stage", Samples::stageReached),
        event("event-published", Samples::roundPublished),
        event("event-aborted", Samples::attemptAborted),
        event("event-left", Samples::siteLeft),
        event("event-share-refused", Samples::shareRefused),
        event("event-convicted", Samples::dealerConvicted),
        event("event-paused", s -> new JobEventValue.Paused(s.standing(JobState.PAUSED))),
        event("event-resumed", s -> new JobEventValue.Resumed(s.order())),
        event("event-finished", Samples::finished));
  }
}
