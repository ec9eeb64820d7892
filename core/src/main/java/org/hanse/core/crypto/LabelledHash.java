package org.hanse.core.crypto;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.hanse.core.plan.Hash;

/**
 * SHA-256 with a label that separates its uses. Leaves and inner nodes of Merkle trees begin with
 * different bytes (RFC 9162, section 2.1), so that neither passes for the other.
 */
public final class LabelledHash {
  private static final byte LEAF_PREFIX = 0;
  private static final byte NODE_PREFIX = 1;

  private LabelledHash() {}

  /** {@code SHA-256(LP(label) || fields)}. */
  public static Hash hash(String label, Fields fields) {
    return finish(newDigest(), label, fields);
  }

  /** {@code SHA-256(0x00 || LP(label) || fields)}: a leaf of a Merkle tree. */
  public static Hash leaf(String label, Fields fields) {
    MessageDigest digest = newDigest();
    digest.update(LEAF_PREFIX);
    return finish(digest, label, fields);
  }

  /** Plain SHA-256, without label. */
  public static Hash sha256(byte[] content) {
    return Hash.of(newDigest().digest(content));
  }

  /** {@code SHA-256(0x01 || left || right)}: an inner node of a Merkle tree. */
  static Hash node(Hash left, Hash right) {
    MessageDigest digest = newDigest();
    digest.update(NODE_PREFIX);
    digest.update(left.bytes().toByteArray());
    digest.update(right.bytes().toByteArray());
    return Hash.of(digest.digest());
  }

  private static Hash finish(MessageDigest digest, String label, Fields fields) {
    new Fields().text(label).updateInto(digest);
    fields.updateInto(digest);
    return Hash.of(digest.digest());
  }

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
