package org.hanse.wire.value;

/**
 * What the coordinator holds of a site's upload.
 *
 * @param storedChunks stored durably, from the first on
 * @param committed true once the commit was acknowledged
 */
public record UploadProgress(long storedChunks, boolean committed) {}
