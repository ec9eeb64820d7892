package org.hanse.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.Arrays;
import java.util.Optional;
import org.hanse.core.secagg.FromSite;
import org.hanse.proto.v1.JobEvent;
import org.hanse.proto.v1.SendMessageRequest;
import org.hanse.proto.v1.UploadRequest;
import org.hanse.proto.v1.WorkItem;
import org.hanse.wire.value.AttemptMessage;
import org.hanse.wire.value.JobEventEntry;
import org.hanse.wire.value.UploadPart;
import org.hanse.wire.value.Work;

/** What a journal holds: the same encodings as on the way, under the same rules when read back. */
public final class StoredMessages {
  private static final byte MESSAGE = 1;
  private static final byte COMMIT = 2;

  private StoredMessages() {}

  public static byte[] encode(AttemptMessage value) {
    return value.message() instanceof FromSite.UploadCommit commit
        ? tagged(
            COMMIT,
            TransferMessages.encode(new UploadPart.Commit(Optional.of(value.attempt()), commit))
                .toByteArray())
        : tagged(MESSAGE, SiteMessages.encode(value).toByteArray());
  }

  /** As {@link #encode(AttemptMessage)} wrote it. */
  public static AttemptMessage decodeMessage(byte[] stored) {
    byte[] body = stored.length == 0 ? stored : Arrays.copyOfRange(stored, 1, stored.length);
    try {
      if (stored.length > 0 && stored[0] == MESSAGE) {
        return SiteMessages.decode(SendMessageRequest.parseFrom(body));
      }
      if (stored.length > 0
          && stored[0] == COMMIT
          && TransferMessages.decode(UploadRequest.parseFrom(body))
              instanceof UploadPart.Commit commit
          && commit.attempt().isPresent()) {
        return new AttemptMessage(commit.attempt().get(), commit.commit());
      }
    } catch (InvalidProtocolBufferException e) {
      throw undecodable();
    }
    throw undecodable();
  }

  public static byte[] encode(Work work) {
    return WorkMessages.encode(work).toByteArray();
  }

  /** As {@link #encode(Work)} wrote it. */
  public static Work decodeWork(byte[] stored) {
    try {
      return WorkMessages.decode(WorkItem.parseFrom(stored));
    } catch (InvalidProtocolBufferException e) {
      throw undecodable();
    }
  }

  public static byte[] encode(JobEventEntry entry) {
    return JobEventMessages.encode(entry).toByteArray();
  }

  /** As {@link #encode(JobEventEntry)} wrote it. */
  public static JobEventEntry decodeEvent(byte[] stored) {
    try {
      return JobEventMessages.decode(JobEvent.parseFrom(stored));
    } catch (InvalidProtocolBufferException e) {
      throw undecodable();
    }
  }

  private static byte[] tagged(byte tag, byte[] body) {
    byte[] stored = new byte[body.length + 1];
    stored[0] = tag;
    System.arraycopy(body, 0, stored, 1, body.length);
    return stored;
  }

  private static MalformedMessageException undecodable() {
    return new MalformedMessageException("", "is no stored message");
  }
}
