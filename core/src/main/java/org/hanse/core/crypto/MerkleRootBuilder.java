package org.hanse.core.crypto;

import java.util.ArrayDeque;
import java.util.Deque;
import org.hanse.core.plan.Hash;

/**
 * The Merkle root of leaves that arrive one by one, in O(log n) memory. Tree shape of RFC 6962: an
 * odd node is never duplicated. Not thread-safe.
 */
public final class MerkleRootBuilder {
  /** Roots of the complete subtrees so far, the rightmost (smallest) on top. */
  private final Deque<Subtree> subtrees = new ArrayDeque<>();

  private record Subtree(int height, Hash root) {}

  /** Appends a leaf. */
  public void add(Hash leaf) {
    Subtree last = new Subtree(0, leaf);
    while (!subtrees.isEmpty() && subtrees.peek().height() == last.height()) {
      Hash left = subtrees.pop().root();
      last = new Subtree(last.height() + 1, LabelledHash.node(left, last.root()));
    }
    subtrees.push(last);
  }

  /**
   * The root over all leaves so far; more may follow.
   *
   * @throws IllegalStateException if there is no leaf yet
   */
  public Hash root() {
    if (subtrees.isEmpty()) {
      throw new IllegalStateException("a Merkle tree needs a leaf");
    }
    return subtrees.stream()
        .map(Subtree::root)
        .reduce((right, left) -> LabelledHash.node(left, right))
        .orElseThrow();
  }
}
