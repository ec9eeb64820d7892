package org.hanse.wire;

import org.hanse.core.plan.Limits;

/** Every maximum of a message that is not already a limit of the plan. */
public final class WireLimits {
  /** The one version of the protocol that this build speaks. */
  public static final int PROTOCOL_VERSION = 1;

  /** Cap for any message, set on channels and servers: 256 certificates and some room. */
  public static final int MAX_MESSAGE_BYTES = 4 << 20;

  /** Cap for a call's metadata, set on channels and servers. */
  public static final int MAX_METADATA_BYTES = 8 << 10;

  /** One X.509 certificate, DER. */
  public static final int MAX_CERTIFICATE_BYTES = 8 << 10;

  /** A piece of a model, of an upload or of a sum. */
  public static final int MAX_CHUNK_BYTES = Limits.CHUNK_ELEMENTS * Integer.BYTES;

  /** L at most: parameters, the weight and the metrics. */
  public static final long MAX_MASKED_ELEMENTS = Limits.MAX_PARAMETERS + 1 + Limits.MAX_METRICS;

  public static final long MAX_UPLOAD_CHUNKS =
      Math.ceilDiv(MAX_MASKED_ELEMENTS, (long) Limits.CHUNK_ELEMENTS);

  /** The largest model or sum. */
  public static final long MAX_VECTOR_BYTES = MAX_MASKED_ELEMENTS * Integer.BYTES;

  /** A Merkle proof in a tree of at most 255 leaves. */
  public static final int MAX_PATH_HASHES = 8;

  /** A Merkle proof in the tree of the longest upload. */
  public static final int MAX_CHUNK_PATH_HASHES = 20;

  /** Pairs of a dropout and a survivor in a hybrid suite. */
  public static final int MAX_ENCAPSULATIONS =
      Limits.MAX_HYBRID_MEMBERS / 2 * (Limits.MAX_HYBRID_MEMBERS / 2);

  /** Jobs that a site follows at once. */
  public static final int MAX_POSITIONS = 1_000;

  /** Jobs in one listing. */
  public static final int MAX_LISTED_JOBS = 1_000;

  public static final int MAX_POLL_SECONDS = 300;

  private WireLimits() {}
}
