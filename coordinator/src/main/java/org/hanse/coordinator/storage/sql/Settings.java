package org.hanse.coordinator.storage.sql;

import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Supplier;

/** Where the database is. */
public sealed interface Settings {

  /** Where everything else of the coordinator is; held by one coordinator at a time. */
  Path dataDirectory();

  /** A file in the data directory. */
  record Sqlite(Path dataDirectory) implements Settings {}

  /**
   * A database of its own on a server. Not through a pooler that lends a session to several: the
   * session keeps a second coordinator out.
   *
   * @param url {@code jdbc:postgresql:...}, without a password
   * @param password asked for at each connection, so that it may change; throws {@link
   *     java.io.UncheckedIOException} where it cannot be read
   */
  record Postgresql(Path dataDirectory, String url, String user, Supplier<String> password)
      implements Settings {
    private static final String PREFIX = "jdbc:postgresql:";

    /**
     * Refuses another database's address and one with a password.
     *
     * @throws IllegalArgumentException without the address
     */
    public Postgresql {
      if (!url.startsWith(PREFIX)) {
        throw new IllegalArgumentException("the database's address must begin with " + PREFIX);
      }
      if (url.toLowerCase(Locale.ROOT).contains("password=")) {
        throw new IllegalArgumentException("the database's address must hold no password");
      }
    }

    @Override
    public String toString() {
      return "Postgresql[dataDirectory=" + dataDirectory + ", url=" + url + ", user=" + user + "]";
    }
  }
}
