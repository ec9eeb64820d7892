package org.hanse.simulation.crash;

/** An empty database on a server. */
record PostgresqlDatabase(String url, String user, String password) {}
