/**
 * What the coordinator knows of its jobs and sites, in tables: SQLite in the data directory, or
 * PostgreSQL. One set of statements and migrations serves both; what differs is in {@link
 * org.hanse.coordinator.storage.sql.Dialect}.
 *
 * <p>May use: core, wire, coordinator.round, coordinator.job, coordinator.storage, JDBC, Jdbi, a
 * connection pool, the file system. Nothing else of the coordinator may use JDBC.
 */
@NullMarked
package org.hanse.coordinator.storage.sql;

import org.jspecify.annotations.NullMarked;
