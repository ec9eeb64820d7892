package org.hanse.client.trainer;

/** Names an open data set of one trainer. */
public record DatasetHandle(long id) {}
