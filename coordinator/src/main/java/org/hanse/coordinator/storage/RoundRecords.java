package org.hanse.coordinator.storage;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.hanse.coordinator.job.BestModel;
import org.hanse.coordinator.job.JobProgress;
import org.hanse.coordinator.round.CertifiedKey;
import org.hanse.coordinator.round.Presence;
import org.hanse.coordinator.round.Resumption;
import org.hanse.coordinator.round.RoundEvent;
import org.hanse.core.plan.AttemptId;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.RoundId;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.DropReason;
import org.hanse.core.secagg.RosterEntry;
import org.hanse.wire.StoredMessages;
import org.hanse.wire.value.AttemptMessage;
import org.hanse.wire.value.TrainingReport.DeclineReason;
import org.hanse.wire.value.Work;
import org.hanse.wire.value.WorkContent;
import org.hanse.wire.value.WorkPosition;
import org.hanse.wire.value.WorkStage;

/**
 * A round's opening and events as bytes: a kind, then its fields in order, big-endian, byte runs
 * with their length before them, constants of a closed list by name.
 */
public final class RoundRecords {
  private static final int MAX_RUN_BYTES = 8 << 20;

  private RoundRecords() {}

  /** What a record is; the ordinal is never stored. */
  private enum Kind {
    CAME,
    WENT,
    FINISHED,
    DECLINED,
    MESSAGE,
    UPLOAD_UNFIT,
    SUM_APPLIED,
    SUM_FAILED,
    TIME_PASSED,
    RESTARTED,
    PAUSE_REQUESTED,
    STOP_REQUESTED
  }

  private interface Fields {
    void writeTo(DataOutputStream out) throws IOException;
  }

  public static byte[] encode(RoundOpening opening) {
    return bytes(out -> {
      JobProgress progress = opening.progress();
      run(
          out,
          StoredMessages.encode(
              new Work(
                  new WorkPosition(
                      progress.resumption().pauses(),
                      new AttemptId(opening.round(), 0),
                      WorkStage.TRAIN),
                  0,
                  new WorkContent.Train(
                      opening.planHash(), progress.model(), progress.adoption()))));
      out.writeLong(progress.publishedRounds());
      out.writeInt(progress.discarded());
      out.writeInt(progress.resumption().attempts());
      out.writeInt(progress.convicted().size());
      for (Map.Entry<Fingerprint, Long> convicted : progress.convicted().entrySet()) {
        run(out, convicted.getKey().bytes());
        out.writeLong(convicted.getValue());
      }
      out.writeInt(opening.known().size());
      for (Map.Entry<Fingerprint, Presence> known : opening.known().entrySet()) {
        run(out, known.getKey().bytes());
        presence(out, known.getValue());
      }
      time(out, opening.openedAt());
      out.writeBoolean(progress.best().isPresent());
      if (progress.best().isPresent()) {
        BestModel best = progress.best().get();
        run(out, best.model().bytes());
        out.writeLong(best.publishedRounds());
        out.writeDouble(best.value());
      }
    });
  }

  /**
   * As {@link #encode(RoundOpening)} wrote it.
   *
   * @throws UncheckedIOException if it did not
   */
  public static RoundOpening decodeOpening(byte[] record) {
    return parse(
        record,
        in -> {
          Work work = StoredMessages.decodeWork(run(in));
          if (!(work.content() instanceof WorkContent.Train train)) {
            throw new IOException("a round opens with training");
          }
          long publishedRounds = in.readLong();
          int discarded = in.readInt();
          int attempts = in.readInt();
          Map<Fingerprint, Long> convicted = new TreeMap<>();
          for (int left = in.readInt(); left > 0; left--) {
            Fingerprint site = fingerprint(in);
            convicted.put(site, in.readLong());
          }
          Map<Fingerprint, Presence> known = new TreeMap<>();
          for (int left = in.readInt(); left > 0; left--) {
            Fingerprint site = fingerprint(in);
            known.put(site, presence(in));
          }
          Instant openedAt = time(in);
          return new RoundOpening(
              train.planHash(),
              new JobProgress(
                  work.position().attempt().round(),
                  train.modelHash(),
                  train.adoption(),
                  publishedRounds,
                  discarded,
                  convicted,
                  new Resumption(work.position().pauses(), attempts),
                  best(in)),
              known,
              openedAt);
        });
  }

  private static Optional<BestModel> best(DataInputStream in) throws IOException {
    return in.readBoolean()
        ? Optional.of(new BestModel(Hash.of(run(in)), in.readLong(), in.readDouble()))
        : Optional.empty();
  }

  public static byte[] encode(RoundEvent event) {
    return bytes(out -> {
      switch (event) {
        case RoundEvent.SiteCame(Fingerprint site, Instant at) -> begin(out, Kind.CAME, at, site);
        case RoundEvent.SiteWent(Fingerprint site, Instant at) -> begin(out, Kind.WENT, at, site);
        case RoundEvent.TrainingFinished finished -> {
          begin(out, Kind.FINISHED, finished.at(), finished.site());
          round(out, finished.round());
          run(out, finished.key().entry().signingKey());
          run(out, finished.key().certificateDer());
          time(out, finished.key().notAfter());
        }
        case RoundEvent.TrainingDeclined declined -> {
          begin(out, Kind.DECLINED, declined.at(), declined.site());
          round(out, declined.round());
          out.writeUTF(declined.reason().name());
        }
        case RoundEvent.MessageReceived message -> {
          begin(out, Kind.MESSAGE, message.at(), message.site());
          run(out, StoredMessages.encode(new AttemptMessage(message.attempt(), message.message())));
        }
        case RoundEvent.UploadUnfit unfit -> {
          begin(out, Kind.UPLOAD_UNFIT, unfit.at(), unfit.site());
          attempt(out, unfit.attempt());
          out.writeUTF(unfit.reason().name());
        }
        case RoundEvent.SumApplied applied -> {
          begin(out, Kind.SUM_APPLIED, applied.at());
          attempt(out, applied.attempt());
          sum(out, applied.sum());
        }
        case RoundEvent.SumFailed failed -> {
          begin(out, Kind.SUM_FAILED, failed.at());
          attempt(out, failed.attempt());
          out.writeUTF(failed.reason().name());
        }
        case RoundEvent.TimePassed(Instant at) -> begin(out, Kind.TIME_PASSED, at);
        case RoundEvent.Restarted(Instant stoppedAt, Instant at) -> {
          begin(out, Kind.RESTARTED, at);
          time(out, stoppedAt);
        }
        case RoundEvent.PauseRequested(Instant at) -> begin(out, Kind.PAUSE_REQUESTED, at);
        case RoundEvent.StopRequested(AbortReason reason, Instant at) -> {
          begin(out, Kind.STOP_REQUESTED, at);
          out.writeUTF(reason.name());
        }
      }
    });
  }

  /**
   * As {@link #encode(RoundEvent)} wrote it.
   *
   * @throws UncheckedIOException if it did not
   */
  public static RoundEvent decodeEvent(byte[] record) {
    return parse(
        record,
        in -> {
          Kind kind = Kind.valueOf(in.readUTF());
          Instant at = time(in);
          return switch (kind) {
            case CAME -> new RoundEvent.SiteCame(fingerprint(in), at);
            case WENT -> new RoundEvent.SiteWent(fingerprint(in), at);
            case FINISHED -> finished(in, at);
            case DECLINED -> declined(in, at);
            case MESSAGE -> message(in, at);
            case UPLOAD_UNFIT -> unfit(in, at);
            case SUM_APPLIED -> applied(in, at);
            case SUM_FAILED -> {
              AttemptId attempt = attempt(in);
              yield new RoundEvent.SumFailed(attempt, AbortReason.valueOf(in.readUTF()), at);
            }
            case TIME_PASSED -> new RoundEvent.TimePassed(at);
            case RESTARTED -> new RoundEvent.Restarted(time(in), at);
            case PAUSE_REQUESTED -> new RoundEvent.PauseRequested(at);
            case STOP_REQUESTED ->
                new RoundEvent.StopRequested(AbortReason.valueOf(in.readUTF()), at);
          };
        });
  }

  private static RoundEvent finished(DataInputStream in, Instant at) throws IOException {
    Fingerprint site = fingerprint(in);
    RoundId round = round(in);
    RosterEntry entry = new RosterEntry(site, Bytes.of(run(in)));
    Bytes certificateDer = Bytes.of(run(in));
    return new RoundEvent.TrainingFinished(
        round, site, new CertifiedKey(entry, certificateDer, time(in)), at);
  }

  private static RoundEvent declined(DataInputStream in, Instant at) throws IOException {
    Fingerprint site = fingerprint(in);
    RoundId round = round(in);
    return new RoundEvent.TrainingDeclined(round, site, DeclineReason.valueOf(in.readUTF()), at);
  }

  private static RoundEvent message(DataInputStream in, Instant at) throws IOException {
    Fingerprint site = fingerprint(in);
    AttemptMessage message = StoredMessages.decodeMessage(run(in));
    return new RoundEvent.MessageReceived(message.attempt(), site, message.message(), at);
  }

  private static RoundEvent unfit(DataInputStream in, Instant at) throws IOException {
    Fingerprint site = fingerprint(in);
    AttemptId attempt = attempt(in);
    return new RoundEvent.UploadUnfit(attempt, site, DropReason.valueOf(in.readUTF()), at);
  }

  private static RoundEvent applied(DataInputStream in, Instant at) throws IOException {
    AttemptId attempt = attempt(in);
    Hash resultRoot = Hash.of(run(in));
    RoundEvent.Tags tags = new RoundEvent.Tags(in.readLong(), in.readLong());
    Hash nextModelHash = Hash.of(run(in));
    List<Double> metrics = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      metrics.add(in.readDouble());
    }
    return new RoundEvent.SumApplied(
        attempt, new RoundEvent.Sum(resultRoot, tags, nextModelHash, metrics), at);
  }

  private static void sum(DataOutputStream out, RoundEvent.Sum sum) throws IOException {
    run(out, sum.resultRoot().bytes());
    out.writeLong(sum.tags().tag0());
    out.writeLong(sum.tags().tag1());
    run(out, sum.nextModelHash().bytes());
    out.writeInt(sum.metrics().size());
    for (double metric : sum.metrics()) {
      out.writeDouble(metric);
    }
  }

  private static void begin(DataOutputStream out, Kind kind, Instant at) throws IOException {
    out.writeUTF(kind.name());
    time(out, at);
  }

  private static void begin(DataOutputStream out, Kind kind, Instant at, Fingerprint site)
      throws IOException {
    begin(out, kind, at);
    run(out, site.bytes());
  }

  private static void presence(DataOutputStream out, Presence presence) throws IOException {
    Optional<Instant> since =
        switch (presence) {
          case Presence.Here() -> Optional.empty();
          case Presence.Away(Instant from) -> Optional.of(from);
          case Presence.Unseen(Instant from) -> Optional.of(from);
        };
    out.writeBoolean(since.isPresent());
    if (since.isPresent()) {
      out.writeBoolean(presence instanceof Presence.Unseen);
      time(out, since.get());
    }
  }

  private static Presence presence(DataInputStream in) throws IOException {
    if (!in.readBoolean()) {
      return new Presence.Here();
    }
    return in.readBoolean() ? new Presence.Unseen(time(in)) : new Presence.Away(time(in));
  }

  private static void time(DataOutputStream out, Instant at) throws IOException {
    out.writeLong(at.getEpochSecond());
    out.writeInt(at.getNano());
  }

  private static Instant time(DataInputStream in) throws IOException {
    long seconds = in.readLong();
    return Instant.ofEpochSecond(seconds, in.readInt());
  }

  private static void round(DataOutputStream out, RoundId round) throws IOException {
    out.writeUTF(round.job().value());
    out.writeLong(round.round());
  }

  private static RoundId round(DataInputStream in) throws IOException {
    JobId job = new JobId(in.readUTF());
    return new RoundId(job, in.readLong());
  }

  private static void attempt(DataOutputStream out, AttemptId attempt) throws IOException {
    round(out, attempt.round());
    out.writeInt(attempt.attempt());
  }

  private static AttemptId attempt(DataInputStream in) throws IOException {
    RoundId round = round(in);
    return new AttemptId(round, in.readInt());
  }

  private static Fingerprint fingerprint(DataInputStream in) throws IOException {
    return Fingerprint.of(run(in));
  }

  private static void run(DataOutputStream out, Bytes bytes) throws IOException {
    run(out, bytes.toByteArray());
  }

  private static void run(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static byte[] run(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > MAX_RUN_BYTES) {
      throw new IOException("a run of " + length + " bytes");
    }
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new IOException("a run of " + length + " bytes ends before");
    }
    return bytes;
  }

  private static byte[] bytes(Fields fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      fields.writeTo(out);
    } catch (IOException e) {
      throw new IllegalStateException("memory does not fail to write", e);
    }
    return bytes.toByteArray();
  }

  private interface Parser<T> {
    T parse(DataInputStream in) throws IOException;
  }

  /** A record with a good checksum that cannot be read was written by another version. */
  private static <T> T parse(byte[] record, Parser<T> parser) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(record))) {
      T value = parser.parse(in);
      if (in.read() >= 0) {
        throw new IOException("bytes follow a whole record");
      }
      return value;
    } catch (IOException e) {
      throw new UncheckedIOException("unreadable record", e);
    }
  }
}
