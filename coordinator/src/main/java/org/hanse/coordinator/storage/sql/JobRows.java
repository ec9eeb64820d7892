package org.hanse.coordinator.storage.sql;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.hanse.coordinator.job.BestModel;
import org.hanse.coordinator.job.JobDescription;
import org.hanse.coordinator.job.JobProgress;
import org.hanse.coordinator.round.Resumption;
import org.hanse.coordinator.storage.RoundJournal;
import org.hanse.coordinator.storage.RoundRecords;
import org.hanse.coordinator.storage.StoredJob;
import org.hanse.coordinator.storage.sql.RoundRows.OutcomeKind;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.JobManifest;
import org.hanse.core.plan.RoundId;
import org.hanse.core.secagg.AbortReason;
import org.hanse.core.secagg.Contexts;
import org.hanse.wire.ManifestCodec;
import org.hanse.wire.StoredMessages;
import org.hanse.wire.value.JobEventEntry;
import org.hanse.wire.value.JobOrder;
import org.hanse.wire.value.JobPriority;
import org.hanse.wire.value.JobStanding;
import org.hanse.wire.value.JobState;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Reads jobs, their journals and histories, within a transaction. */
final class JobRows {
  private final Handle handle;

  JobRows(Handle handle) {
    this.handle = handle;
  }

  /** A row of the journal. */
  private record Entry(long round, long position, Bytes record) {}

  List<StoredJob> jobs() {
    return jobs(
        handle.select("SELECT job, site, round FROM convicted"),
        handle.select("SELECT * FROM job ORDER BY position"));
  }

  Optional<StoredJob> job(JobId job) {
    return jobs(
            handle.select("SELECT job, site, round FROM convicted WHERE job = ?", job.value()),
            handle.select("SELECT * FROM job WHERE id = ?", job.value()))
        .stream()
        .findFirst();
  }

  private static List<StoredJob> jobs(Query convictions, Query rows) {
    Map<JobId, Map<Fingerprint, Long>> convicted = new HashMap<>();
    convictions
        .map((row, context) -> Rows.decode("a conviction", () -> addTo(convicted, row)))
        .list();
    return rows.map(
            (row, context) -> {
              String id = row.getString("id");
              return Rows.decode("job " + id, () -> job(new JobId(id), row, convicted));
            })
        .list();
  }

  private static boolean addTo(Map<JobId, Map<Fingerprint, Long>> convicted, ResultSet row)
      throws SQLException {
    convicted
        .computeIfAbsent(new JobId(row.getString("job")), job -> new HashMap<>())
        .put(Fingerprint.fromHex(row.getString("site")), row.getLong("round"));
    return true;
  }

  private static StoredJob job(
      JobId id, ResultSet row, Map<JobId, Map<Fingerprint, Long>> convicted) throws SQLException {
    return new StoredJob(
        description(id, row),
        standing(row),
        Rows.time("since", row),
        new JobProgress(
            new RoundId(id, row.getLong("round")),
            Hash.fromHex(row.getString("model")),
            Optional.empty(),
            row.getLong("published_rounds"),
            row.getInt("discarded_rounds"),
            convicted.getOrDefault(id, Map.of()),
            new Resumption(row.getLong("pauses"), row.getInt("attempts_before_pause")),
            best(row)),
        row.getLong("last_sequence"),
        Rows.time("changed", row));
  }

  private static Optional<BestModel> best(ResultSet row) throws SQLException {
    String model = row.getString("best_model");
    return model == null
        ? Optional.empty()
        : Optional.of(
            new BestModel(
                Hash.fromHex(model), row.getLong("best_rounds"), row.getDouble("best_value")));
  }

  private static JobStanding standing(ResultSet row) throws SQLException {
    String by = row.getString("ordered_by");
    Optional<JobOrder> order =
        by == null ? Optional.empty() : Optional.of(new JobOrder(by, row.getString("note")));
    return new JobStanding(
        JobState.valueOf(row.getString("state")), reason(row.getString("reason")), order);
  }

  /** The plan hash is what every site has approved: it is checked, not trusted. */
  private static JobDescription description(JobId id, ResultSet row) throws SQLException {
    Bytes exactBytes = Bytes.of(row.getBytes("manifest"));
    Hash planHash = Contexts.planHash(exactBytes);
    if (!planHash.toHex().equals(row.getString("plan_hash"))) {
      throw new Rows.DamagedRow(
          "the manifest of job " + id + " in the database does not match its plan hash");
    }
    JobManifest manifest = ManifestCodec.decode(exactBytes);
    if (!manifest.job().equals(id)) {
      throw new Rows.DamagedRow(
          "the manifest of job " + id + " in the database is that of another job");
    }
    return new JobDescription(
        manifest,
        exactBytes,
        planHash,
        row.getString("owner"),
        JobPriority.valueOf(row.getString("priority")));
  }

  static Optional<AbortReason> reason(@Nullable String name) {
    return Optional.ofNullable(name).map(AbortReason::valueOf);
  }

  Optional<RoundJournal> journal(JobId job) {
    long newest = newestRound(job);
    if (newest == 0) {
      return Optional.empty();
    }
    String what = "the journal of round " + new RoundId(job, newest);
    List<Entry> entries =
        handle
            .select(
                "SELECT * FROM journal_event WHERE job = ? ORDER BY round, position", job.value())
            .map((row, context) ->
                new Entry(
                    row.getLong("round"),
                    row.getLong("position"),
                    Bytes.of(Rows.record(what, row))))
            .list();
    for (int i = 0; i < entries.size(); i++) {
      if (entries.get(i).round() != newest || entries.get(i).position() != i) {
        throw new Rows.DamagedRow(what + " in the database has a gap");
      }
    }
    if (entries.isEmpty()) {
      throw new Rows.DamagedRow(what + " in the database has no opening");
    }
    boolean paused =
        handle
            .select("SELECT outcome FROM round WHERE job = ? AND number = ?", job.value(), newest)
            .mapTo(String.class)
            .one()
            .equals(OutcomeKind.PAUSED.name());
    try {
      return Optional.of(
          new RoundJournal(
              RoundRecords.decodeOpening(entries.getFirst().record().toByteArray()),
              entries.stream()
                  .skip(1)
                  .map(entry -> RoundRecords.decodeEvent(entry.record().toByteArray()))
                  .toList(),
              paused));
    } catch (RuntimeException e) {
      throw new Rows.DamagedRow(what + " in the database cannot be read", e);
    }
  }

  /** 0 before the first. */
  long newestRound(JobId job) {
    return handle
        .select("SELECT COALESCE(MAX(number), 0) FROM round WHERE job = ?", job.value())
        .mapTo(Long.class)
        .one();
  }

  List<JobEventEntry> history(JobId job, long fromSequence, int limit) {
    List<JobEventEntry> entries =
        handle
            .select(
                "SELECT * FROM job_event WHERE job = ? AND sequence >= ? ORDER BY sequence LIMIT ?",
                job.value(),
                fromSequence,
                limit)
            .map((row, context) -> {
              String what = "entry " + row.getLong("sequence") + " of the history of job " + job;
              byte[] record = Rows.record(what, row);
              return Rows.decode(what, () -> StoredMessages.decodeEvent(record));
            })
            .list();
    long expected = Math.clamp(lastSequence(job).orElse(0L) - fromSequence + 1, 0L, (long) limit);
    for (int i = 0; i < Math.max(entries.size(), expected); i++) {
      if (i >= entries.size() || i >= expected || entries.get(i).sequence() != fromSequence + i) {
        throw new Rows.DamagedRow("the history of job " + job + " in the database has a gap");
      }
    }
    return entries;
  }

  /** Empty if there is no such job. */
  Optional<Long> lastSequence(JobId job) {
    return handle
        .select("SELECT last_sequence FROM job WHERE id = ?", job.value())
        .mapTo(Long.class)
        .findOne();
  }

  Set<Hash> models(JobId job) {
    return new HashSet<>(
        handle
            .select("SELECT DISTINCT model FROM model_use WHERE job = ?", job.value())
            .map((row, context) ->
                Rows.decode("a model of job " + job, () -> Hash.fromHex(row.getString("model"))))
            .list());
  }
}
