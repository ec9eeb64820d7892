package org.hanse.wire;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.hanse.wire.FieldRule.ascending;
import static org.hanse.wire.FieldRule.bytes;
import static org.hanse.wire.FieldRule.constantName;
import static org.hanse.wire.FieldRule.distinct;
import static org.hanse.wire.FieldRule.exactly;
import static org.hanse.wire.FieldRule.fieldElement;
import static org.hanse.wire.FieldRule.finite;
import static org.hanse.wire.FieldRule.free;
import static org.hanse.wire.FieldRule.identifier;
import static org.hanse.wire.FieldRule.known;
import static org.hanse.wire.FieldRule.list;
import static org.hanse.wire.FieldRule.optionalBytes;
import static org.hanse.wire.FieldRule.range;
import static org.hanse.wire.FieldRule.set;
import static org.hanse.wire.FieldRule.text;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Message;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.hanse.proto.v1.JobEvent;
import org.hanse.proto.v1.WorkItem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every field of every message against a table of what it may hold. */
class FieldRulesTest {
  private static final long MAX_TAG = (1L << 61) - 2;
  private static final long MAX_BYTES = (1L << 39) + 260;
  private static final int MIB = 1 << 20;

  /** Rules of bytes inside lists stand under the list's name and "[]". */
  private static final Map<String, FieldRule> RULES =
      Map.ofEntries(
          Map.entry("Advertisement.channel_key", bytes(32)),
          Map.entry("Advertisement.channel_kem_key", optionalBytes(1184)),
          Map.entry("Advertisement.mask_kem_key", optionalBytes(1184)),
          Map.entry("Advertisement.mask_key", bytes(32)),
          Map.entry("Advertisement.self_mask_commitment", bytes(32)),
          Map.entry("Advertisement.signature", bytes(64)),
          Map.entry("Advertisement.site", bytes(32)),
          Map.entry("Advertisement.tag_key_commitment", bytes(32)),
          Map.entry("AdoptionProof.attempt", set()),
          Map.entry("AdoptionProof.base_model_hash", bytes(32)),
          Map.entry("AdoptionProof.next_model_hash", bytes(32)),
          Map.entry("AdoptionProof.result_root", bytes(32)),
          Map.entry("AdoptionProof.roster", ascending(2, 256)),
          Map.entry("AdoptionProof.roster[]", bytes(32)),
          Map.entry("AdoptionProof.verdicts", distinct(1, 256, ".site")),
          Map.entry("Attempt.attempt", range(0, 15, false)),
          Map.entry("Attempt.job", identifier()),
          Map.entry("Attempt.round", range(1, 1_000_000, false)),
          Map.entry("AttemptAborted.attempt", set()),
          Map.entry("AttemptAborted.reason", constantName()),
          Map.entry("AttemptClosed.published", free()),
          Map.entry("AttemptClosed.reason", constantName()),
          Map.entry("Complaint.dealer", bytes(32)),
          Map.entry("Complaint.reason", known()),
          Map.entry("Complaint.signature", bytes(64)),
          Map.entry("Confirmation.signature", bytes(64)),
          Map.entry("Confirmation.statement", bytes(32)),
          Map.entry("ConvictedSite.round", range(1, 1_000_000)),
          Map.entry("ConvictedSite.site", identifier()),
          Map.entry("DataChunk.data", bytes(1, MIB)),
          Map.entry("DataChunk.offset_bytes", range(0, MAX_BYTES)),
          Map.entry("DealerConvicted.attempt", set()),
          Map.entry("DealerConvicted.dealer", identifier()),
          Map.entry("Declined.reason", known()),
          Map.entry("Delivery.dealer", bytes(32)),
          Map.entry("Delivery.entry", set()),
          Map.entry("Delivery.index", range(0, 254)),
          Map.entry("Delivery.path", list(0, 8)),
          Map.entry("Delivery.path[]", bytes(32)),
          Map.entry("DownloadJobModelRequest.job", identifier()),
          Map.entry("DownloadJobModelRequest.model_hash", bytes(32)),
          Map.entry("DownloadJobModelRequest.offset_bytes", range(0, MAX_BYTES)),
          Map.entry("DownloadModelRequest.job", identifier()),
          Map.entry("DownloadModelRequest.model_hash", bytes(32)),
          Map.entry("DownloadModelRequest.offset_bytes", range(0, MAX_BYTES)),
          Map.entry("DownloadResultRequest.attempt", set()),
          Map.entry("DownloadResultRequest.offset_bytes", range(0, MAX_BYTES)),
          Map.entry("Endorsement.signature", bytes(64)),
          Map.entry("Endorsement.site", bytes(32)),
          Map.entry("Endorsement.statement", bytes(32)),
          Map.entry("GetJobRequest.job", identifier()),
          Map.entry("GetManifestRequest.job", identifier()),
          Map.entry("GetManifestResponse.manifest", bytes(1, 2 * MIB)),
          Map.entry("GetRevelationRequest.attempt", set()),
          Map.entry("GetUploadedChunkRequest.attempt", set()),
          Map.entry("GetUploadedChunkRequest.index", range(0, 524_288)),
          Map.entry("GetUploadedChunkRequest.site", bytes(32)),
          Map.entry("GetUploadStatusRequest.attempt", set()),
          Map.entry("GetUploadStatusResponse.committed", free()),
          Map.entry("GetUploadStatusResponse.stored_chunks", range(0, 524_289)),
          Map.entry("HelloRequest.protocol_version", range(1, Integer.MAX_VALUE)),
          Map.entry("HelloRequest.signing_certificate", bytes(1, 8192)),
          Map.entry("HelloResponse.poll_seconds", range(1, 300)),
          Map.entry("HelloResponse.protocol_version", range(1, 1)),
          Map.entry("HelloResponse.site", identifier()),
          Map.entry("JobEnded.outcome", known()),
          Map.entry("JobEnded.reason", constantName()),
          Map.entry("JobEvent.sequence", range(1, Long.MAX_VALUE)),
          Map.entry("JobEvent.time_millis", range(0, Long.MAX_VALUE)),
          Map.entry("JobExplanation.afterwards", text(0, 200)),
          Map.entry("JobExplanation.jobs", list(0, 1000)),
          Map.entry("JobExplanation.sites", distinct(0, 256, ".site")),
          Map.entry("JobExplanation.status", set()),
          Map.entry("JobExplanation.until_millis", range(0, Long.MAX_VALUE)),
          Map.entry("JobFinished.model_hash", bytes(32)),
          Map.entry("JobFinished.order", free()),
          Map.entry("JobFinished.reason", constantName()),
          Map.entry("JobFinished.rounds", range(0, 1_000_000)),
          Map.entry("JobFinished.state", known()),
          Map.entry("BestModel.metric", set()),
          Map.entry("BestModel.model_hash", bytes(32)),
          Map.entry("BestModel.rounds", range(0, 1_000_000, false)),
          Map.entry("JobStatus.best", free()),
          Map.entry("JobStatus.convicted", distinct(0, 256, ".site")),
          Map.entry("JobStatus.job", identifier()),
          Map.entry("JobStatus.model_hash", bytes(32)),
          Map.entry("JobPaused.reason", constantName()),
          Map.entry("JobStatus.order", free()),
          Map.entry("JobStatus.plan_hash", bytes(32)),
          Map.entry("JobStatus.planned_rounds", range(1, 1_000_000, false)),
          Map.entry("JobStatus.published_rounds", range(0, 1_000_000, false)),
          Map.entry("JobStatus.reason", constantName()),
          Map.entry("JobStatus.state", known()),
          Map.entry("JobStatus.title", text(1, 200)),
          Map.entry("JobStatus.waiting_for", text(0, 200)),
          Map.entry("ListJobsResponse.jobs", list(0, 1000)),
          Map.entry("MetricValue.name", identifier()),
          Map.entry("MetricValue.value", finite(Double.NEGATIVE_INFINITY)),
          Map.entry("NextWorkRequest.positions", distinct(0, 1000, ".attempt.job")),
          Map.entry("NextWorkResponse.item", free()),
          Map.entry("Order.by", text(1, 200)),
          Map.entry("Order.note", text(0, 200)),
          Map.entry("OrderRequest.job", identifier()),
          Map.entry("OrderRequest.note", text(0, 200)),
          Map.entry("PausedJob.order", free()),
          Map.entry("PausedJob.reason", constantName()),
          Map.entry("Position.attempt", set()),
          Map.entry("Position.pauses", range(0, Integer.MAX_VALUE)),
          Map.entry("Position.stage", known()),
          Map.entry("Quorum.endorsements", ascending(2, 256)),
          Map.entry("Release.self_mask", bytes(32)),
          Map.entry("Release.shares", ascending(1, 255)),
          Map.entry("Release.signature", bytes(64)),
          Map.entry("ReleasedShare.kind", known()),
          Map.entry("ReleasedShare.peer_index", range(1, 256, false)),
          Map.entry("ReleasedShare.share", fieldElement()),
          Map.entry("ReportTrainingRequest.attempt", set()),
          Map.entry("Result.coordinator_key", bytes(32)),
          Map.entry("ResumedJob.order", set()),
          Map.entry("Result.result_root", bytes(32)),
          Map.entry("Result.signature", bytes(64)),
          Map.entry("Result.statement", bytes(32)),
          Map.entry("Result.tag0", range(0, MAX_TAG)),
          Map.entry("Result.tag1", range(0, MAX_TAG)),
          Map.entry("RevealedSecret.secret", bytes(32)),
          Map.entry("RevealedSecret.site", bytes(32)),
          Map.entry("Revelation.encapsulations", list(0, 1024)),
          Map.entry("Revelation.secrets", ascending(2, 256)),
          Map.entry("Roster.advertisements", ascending(2, 256)),
          Map.entry("RoundPublished.attempt", set()),
          Map.entry("RoundPublished.counted_sites", range(2, 256)),
          Map.entry("RoundPublished.duration_seconds", finite(0)),
          Map.entry("RoundPublished.metrics", list(0, 64)),
          Map.entry("RoundPublished.model_hash", bytes(32)),
          Map.entry("RoundPublished.uploaded_bytes", range(0, Long.MAX_VALUE)),
          Map.entry("RoundStart.certificates", list(2, 256)),
          Map.entry("RoundStart.certificates[]", bytes(1, 8192)),
          Map.entry("RoundStart.model_hash", bytes(32)),
          Map.entry("SendMessageRequest.attempt", set()),
          Map.entry("ShareEntry.ciphertext", bytes(112)),
          Map.entry("ShareEntry.channel_encapsulation", optionalBytes(1088)),
          Map.entry("ShareEntry.mask_encapsulation", optionalBytes(1088)),
          Map.entry("ShareEntry.mask_share_hash", bytes(32)),
          Map.entry("ShareEntry.nonce", bytes(12)),
          Map.entry("ShareEntry.self_share_hash", bytes(32)),
          Map.entry("ShareEntry.to", bytes(32)),
          Map.entry("ShareRefused.attempt", set()),
          Map.entry("ShareRefused.dealer", identifier()),
          Map.entry("ShareRefused.holder", identifier()),
          Map.entry("ShareRefused.reason", known()),
          Map.entry("SharerCommitment.entry_root", bytes(32)),
          Map.entry("SharerCommitment.signature", bytes(64)),
          Map.entry("SharerCommitment.site", bytes(32)),
          Map.entry("Shares.entries", ascending(1, 255)),
          Map.entry("Shares.entry_root", bytes(32)),
          Map.entry("Shares.roster_hash", bytes(32)),
          Map.entry("Shares.signature", bytes(64)),
          Map.entry("SharesFor.deliveries", ascending(1, 255)),
          Map.entry("SharesFor.sharers", ascending(2, 256)),
          Map.entry("SignedVerdict.signature", bytes(64)),
          Map.entry("SignedVerdict.signing_key", bytes(32)),
          Map.entry("SignedVerdict.site", bytes(32)),
          Map.entry("SiteLeft.attempt", set()),
          Map.entry("SiteLeft.reason", constantName()),
          Map.entry("SiteLeft.site", identifier()),
          Map.entry("StageReached.attempt", set()),
          Map.entry("StageReached.sites", range(0, 256)),
          Map.entry("StageReached.stage", known()),
          Map.entry("SiteStanding.away_since_millis", range(0, Long.MAX_VALUE)),
          Map.entry("SiteStanding.site", identifier()),
          Map.entry("SiteStanding.standing", known()),
          Map.entry("SubmitJobRequest.priority", free()),
          Map.entry("SubmitJobRequest.manifest", bytes(1, 2 * MIB)),
          Map.entry("SubmitJobResponse.created", free()),
          Map.entry("SubmitJobResponse.job", identifier()),
          Map.entry("SubmitJobResponse.plan_hash", bytes(32)),
          Map.entry("Survivor.root", bytes(32)),
          Map.entry("Survivor.signature", bytes(64)),
          Map.entry("Survivor.site", bytes(32)),
          Map.entry("Survivor.tag0", range(0, MAX_TAG)),
          Map.entry("Survivor.tag1", range(0, MAX_TAG)),
          Map.entry("Survivors.survivors", ascending(2, 256)),
          Map.entry("TrainTask.adoption", free()),
          Map.entry("TrainTask.model_hash", bytes(32)),
          Map.entry("TrainTask.plan_hash", bytes(32)),
          Map.entry("UploadChunk.data", bytes(2, MIB).and(oddSize())),
          Map.entry("UploadChunk.index", range(0, 524_288)),
          Map.entry("UploadCommit.chunk_count", exactly()),
          Map.entry("UploadCommit.length_elements", range(2, (1L << 37) + 65, false)),
          Map.entry("UploadCommit.root", bytes(32)),
          Map.entry("UploadCommit.signature", bytes(64)),
          Map.entry("UploadCommit.tag0", range(0, MAX_TAG)),
          Map.entry("UploadCommit.tag1", range(0, MAX_TAG)),
          Map.entry("UploadedChunk.data", bytes(2, MIB).and(oddSize())),
          Map.entry("UploadedChunk.path", list(0, 20)),
          Map.entry("UploadedChunk.path[]", bytes(32)),
          Map.entry("UploadRequest.attempt", free()),
          Map.entry("UploadResponse.committed", free()),
          Map.entry("UploadResponse.stored_chunks", range(0, 524_289)),
          Map.entry("Verdict.next_model_hash", bytes(32)),
          Map.entry("Verdict.ok", free()),
          Map.entry("Verdict.result_root", bytes(32)),
          Map.entry("Verdict.signature", bytes(64)),
          Map.entry("WatchJobRequest.from_sequence", range(0, Long.MAX_VALUE)),
          Map.entry("WatchJobRequest.job", identifier()),
          Map.entry("Withdrawal.reason", constantName()),
          Map.entry("WorkItem.attempt", set()),
          Map.entry("WorkItem.deadline_seconds", range(0, 2_592_000)),
          Map.entry("WorkItem.pauses", range(0, Integer.MAX_VALUE)),
          Map.entry("WorkItem.stage", known()));

  private static FieldRule oddSize() {
    return (field, current) ->
        List.of(new FieldRule.Refused("", ByteString.copyFrom(new byte[4 * 3 + 1])));
  }

  static Stream<WireCase<?, ?>> cases() {
    return WireCase.all();
  }

  @Test
  void rules_everyField_hasOne() {
    Set<String> fields = new HashSet<>();
    Stream.of(WorkItem.getDescriptor().getFile(), JobEvent.getDescriptor().getFile())
        .flatMap(file -> file.getMessageTypes().stream())
        .flatMap(type -> type.getFields().stream())
        .filter(field -> !isContent(field))
        .forEach(field -> {
          fields.add(key(field));
          if (isListOfBytes(field)) {
            fields.add(key(field) + "[]");
          }
        });

    assertThat(RULES.keySet()).containsExactlyInAnyOrderElementsOf(fields);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void decode_fieldBreakingItsRule_isRefusedWithItsPath(WireCase<?, ?> wireCase) {
    Message message = wireCase.message(3);
    walk(wireCase, message, "", root -> root);
  }

  private void walk(
      WireCase<?, ?> wireCase, Message message, String path, UnaryOperator<Message> rebuild) {
    for (OneofDescriptor oneof : message.getDescriptorForType().getOneofs()) {
      assertRefused(
          wireCase,
          rebuild.apply(message.toBuilder().clearOneof(oneof).build()),
          join(path, oneof.getName()),
          "must be set");
    }
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      boolean absent =
          field.isRepeated() ? message.getRepeatedFieldCount(field) == 0 : isUnset(message, field);
      if (!absent) {
        check(wireCase, message, field, join(path, field.getName()), rebuild);
      }
    }
  }

  private void check(
      WireCase<?, ?> wireCase,
      Message message,
      FieldDescriptor field,
      String path,
      UnaryOperator<Message> rebuild) {
    Object current = message.getField(field);
    if (!isContent(field)) {
      apply(
          wireCase,
          key(field),
          field,
          current,
          path,
          value -> rebuild.apply(with(message, field, value)));
    }
    if (isListOfBytes(field)) {
      int last = message.getRepeatedFieldCount(field) - 1;
      apply(
          wireCase,
          key(field) + "[]",
          field,
          message.getRepeatedField(field, last),
          path + "[" + last + "]",
          value -> rebuild.apply(message.toBuilder().setRepeatedField(field, last, value).build()));
    } else if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && field.isRepeated()) {
      int last = message.getRepeatedFieldCount(field) - 1;
      walk(
          wireCase,
          (Message) message.getRepeatedField(field, last),
          path + "[" + last + "]",
          sub -> rebuild.apply(message.toBuilder().setRepeatedField(field, last, sub).build()));
    } else if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
      walk(
          wireCase,
          (Message) current,
          path,
          sub -> rebuild.apply(message.toBuilder().setField(field, sub).build()));
    }
  }

  private void apply(
      WireCase<?, ?> wireCase,
      String key,
      FieldDescriptor field,
      Object current,
      String path,
      java.util.function.Function<Object, Message> with) {
    FieldRule rule = requireNonNull(RULES.get(key), key);
    for (FieldRule.Refused refused : rule.refused(field, current)) {
      MalformedMessageException e =
          assertRefused(wireCase, with.apply(refused.value()), path + refused.at(), "must");
      if (refused.value() instanceof String content && content.length() > 2) {
        assertThat(e.rule()).doesNotContain(content);
      }
    }
    boolean ordered = key.endsWith(".roster[]") || ORDER_KEYS.contains(key);
    for (Object taken : ordered ? List.of() : rule.taken(field)) {
      assertThatCode(() -> wireCase.decodeMessage(with.apply(taken)))
          .as("%s of %s at the edge", path, wireCase)
          .doesNotThrowAnyException();
    }
  }

  /** Fields by whose order lists are sorted: an edge value would be refused for its place. */
  private static final Set<String> ORDER_KEYS =
      Set.of(
          "Advertisement.site",
          "Delivery.dealer",
          "Endorsement.site",
          "RevealedSecret.site",
          "ShareEntry.to",
          "SharerCommitment.site",
          "Survivor.site");

  private static MalformedMessageException assertRefused(
      WireCase<?, ?> wireCase, Message message, String path, String rule) {
    MalformedMessageException refusal =
        catchThrowableOfType(
            MalformedMessageException.class, () -> wireCase.decodeMessage(message));
    assertThat(refusal).as("%s broken in %s", path, wireCase).isNotNull();
    assertThat(refusal.fieldPath()).isEqualTo(path);
    assertThat(refusal.rule()).startsWith(rule).hasSizeLessThan(160);
    assertThat(refusal).hasMessage(path + ": " + refusal.rule());
    return refusal;
  }

  /** A field that is one of several contents; that one of them is set is tested apart. */
  private static boolean isContent(FieldDescriptor field) {
    return field.getContainingOneof() != null
        && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
  }

  private static boolean isListOfBytes(FieldDescriptor field) {
    return field.isRepeated() && field.getJavaType() == FieldDescriptor.JavaType.BYTE_STRING;
  }

  private static boolean isUnset(Message message, FieldDescriptor field) {
    return field.hasPresence() && !message.hasField(field);
  }

  /** A message field set to its default instance is cleared: it must be set. */
  private static Message with(Message message, FieldDescriptor field, Object value) {
    boolean clear =
        !field.isRepeated()
            && value instanceof Message sub
            && sub.equals(sub.getDefaultInstanceForType());
    return clear
        ? message.toBuilder().clearField(field).build()
        : message.toBuilder().setField(field, value).build();
  }

  private static String key(FieldDescriptor field) {
    return field.getContainingType().getName() + "." + field.getName();
  }

  private static String join(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }
}
