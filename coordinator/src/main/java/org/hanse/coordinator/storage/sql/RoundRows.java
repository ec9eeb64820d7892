package org.hanse.coordinator.storage.sql;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.hanse.coordinator.storage.StoredRound;
import org.hanse.coordinator.storage.StoredRound.Outcome;
import org.hanse.coordinator.storage.StoredRound.StoredAttempt;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;
import org.hanse.wire.value.JobEventValue.MetricMean;
import org.hanse.wire.value.WorkStage;
import org.jdbi.v3.core.Handle;

/** Reads a job's rounds with their attempts and metrics, within a transaction. */
final class RoundRows {
  private final Handle handle;
  private final JobId job;
  private final Map<Long, List<StoredAttempt>> attempts = new HashMap<>();
  private final Map<Long, List<MetricMean>> metrics = new HashMap<>();

  /** How a round ended; the name is stored. */
  enum OutcomeKind {
    OPEN,
    PAUSED,
    PUBLISHED,
    GIVEN_UP
  }

  RoundRows(Handle handle, JobId job) {
    this.handle = handle;
    this.job = job;
  }

  List<StoredRound> rounds() {
    handle
        .select("SELECT * FROM attempt WHERE job = ? ORDER BY round, number", job.value())
        .map((row, context) -> addTo(attempts, row, attempt(row)))
        .list();
    handle
        .select("SELECT * FROM metric WHERE job = ? ORDER BY round, position", job.value())
        .map((row, context) -> addTo(metrics, row, metric(row)))
        .list();
    return handle
        .select("SELECT * FROM round WHERE job = ? ORDER BY number", job.value())
        .map((row, context) -> Rows.decode("a round of job " + job, () -> round(row)))
        .list();
  }

  private static <T> boolean addTo(Map<Long, List<T>> lists, ResultSet row, T value)
      throws SQLException {
    return lists.computeIfAbsent(row.getLong("round"), round -> new ArrayList<>()).add(value);
  }

  private StoredAttempt attempt(ResultSet row) throws SQLException {
    return Rows.decode(
        "an attempt of job " + job,
        () ->
            new StoredAttempt(
                row.getInt("number"),
                WorkStage.valueOf(row.getString("stage")),
                row.getInt("sites"),
                JobRows.reason(row.getString("aborted"))));
  }

  private static MetricMean metric(ResultSet row) throws SQLException {
    return new MetricMean(row.getString("name"), row.getDouble("mean"));
  }

  private StoredRound round(ResultSet row) throws SQLException {
    long number = row.getLong("number");
    return new StoredRound(
        number,
        Hash.fromHex(row.getString("base")),
        Rows.time("opened", row),
        outcome(number, row),
        attempts.getOrDefault(number, List.of()));
  }

  private Outcome outcome(long number, ResultSet row) throws SQLException {
    return switch (OutcomeKind.valueOf(row.getString("outcome"))) {
      case OPEN -> new Outcome.Open();
      case PAUSED -> new Outcome.Paused();
      case PUBLISHED ->
          new Outcome.Published(
              row.getInt("attempt"),
              Hash.fromHex(row.getString("model")),
              row.getInt("counted_sites"),
              metrics.getOrDefault(number, List.of()));
      case GIVEN_UP ->
          new Outcome.GivenUp(
              JobRows.reason(row.getString("reason")).orElseThrow(NoSuchElementException::new));
    };
  }
}
