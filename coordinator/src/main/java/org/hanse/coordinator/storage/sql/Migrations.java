package org.hanse.coordinator.storage.sql;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.hanse.coordinator.storage.StorageException;
import org.hanse.coordinator.storage.StorageException.Code;
import org.hanse.core.crypto.LabelledHash;
import org.jdbi.v3.core.Handle;

/**
 * The steps that made the tables what they are. A step that was applied once is never changed: what
 * it made is there, and the database holds the SHA-256 of its text.
 */
final class Migrations {
  private static final List<String> NAMES =
      List.of("0001-jobs", "0002-lifecycle", "0003-best-model");
  private static final String BLOB = "${blob}";

  private final String blobType;
  private final List<Step> steps;

  /** The number is the place in the list, from 1. */
  record Step(String name, String text) {
    String sha256() {
      return LabelledHash.sha256(text.getBytes(UTF_8)).toHex();
    }
  }

  private Migrations(String blobType, List<Step> steps) {
    this.blobType = blobType;
    this.steps = steps;
  }

  /** Those of this program. */
  static Migrations ofThisProgram(String blobType) {
    List<Step> steps = new ArrayList<>();
    for (String name : NAMES) {
      steps.add(new Step(name, text(name + ".sql")));
    }
    return new Migrations(blobType, steps);
  }

  /** These followed by {@code step}. */
  Migrations and(Step step) {
    List<Step> more = new ArrayList<>(steps);
    more.add(step);
    return new Migrations(blobType, more);
  }

  /**
   * Applies what is missing, each step in a transaction of its own.
   *
   * @throws StorageException with {@link Code#NEWER} if others were applied than these
   */
  void apply(Transactions transactions) throws StorageException {
    int applied = transactions.write(this::applied);
    for (int number = applied + 1; number <= steps.size(); number++) {
      int next = number;
      transactions.write(transaction -> {
        apply(transaction, next);
        return Optional.empty();
      });
    }
  }

  private void apply(Handle transaction, int number) {
    Step step = steps.get(number - 1);
    transaction.createScript(step.text().replace(BLOB, blobType)).execute();
    transaction.execute(
        "INSERT INTO schema_version (number, name, sha256) VALUES (?, ?, ?)",
        number,
        step.name(),
        step.sha256());
  }

  /** How many were applied; they are the first ones of these. */
  private int applied(Handle transaction) throws StorageException {
    transaction.execute(
        "CREATE TABLE IF NOT EXISTS schema_version ("
            + "number BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL)");
    int newest =
        transaction
            .select("SELECT COALESCE(MAX(number), 0) FROM schema_version")
            .mapTo(Integer.class)
            .one();
    if (newest > steps.size()) {
      throw new StorageException(
          Code.NEWER,
          "the database has schema version "
              + newest
              + " and this coordinator knows versions up to "
              + steps.size()
              + "; start a coordinator at least as new as the last one");
    }
    List<String> sums =
        transaction
            .select("SELECT sha256 FROM schema_version ORDER BY number")
            .mapTo(String.class)
            .list();
    for (int i = 0; i < newest; i++) {
      if (sums.size() != newest || !sums.get(i).equals(steps.get(i).sha256())) {
        throw new StorageException(
            Code.NEWER,
            "the database's schema version "
                + newest
                + " is not version "
                + newest
                + " of this coordinator: another build made step "
                + (i + 1)
                + "; start that build");
      }
    }
    return newest;
  }

  private static String text(String resource) {
    try (InputStream in = Migrations.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("the program lacks " + resource);
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("the program's " + resource + " cannot be read", e);
    }
  }
}
