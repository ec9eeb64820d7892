package org.hanse.core.crypto;

import java.util.ArrayList;
import java.util.List;
import org.hanse.core.plan.Hash;

/**
 * Merkle trees of the shape of RFC 6962 (RFC 9162, section 2.1): the left subtree is the largest
 * complete one, an odd node is never duplicated. The verifier of a proof knows index and leaf count
 * from elsewhere.
 */
public final class MerkleTree {
  private MerkleTree() {}

  /**
   * The root over {@code leaves} in order.
   *
   * @throws IllegalStateException if there is no leaf
   */
  public static Hash root(List<Hash> leaves) {
    MerkleRootBuilder builder = new MerkleRootBuilder();
    leaves.forEach(builder::add);
    return builder.root();
  }

  /**
   * For every leaf, in order, its siblings from the leaf up to the root: at most log2 of the leaf
   * count. Each inner node is hashed once.
   */
  public static List<List<Hash>> proofs(List<Hash> leaves) {
    List<List<Hash>> paths = new ArrayList<>();
    leaves.forEach(leaf -> paths.add(new ArrayList<>()));
    if (!leaves.isEmpty()) {
      extend(leaves, paths);
    }
    return paths.stream().map(List::copyOf).toList();
  }

  /**
   * The siblings of one leaf up to the root: at most log2 of the leaf count.
   *
   * @throws IllegalArgumentException if there is no such leaf
   */
  public static List<Hash> proof(List<Hash> leaves, long index) {
    checkIndex(index, leaves.size());
    List<Hash> path = new ArrayList<>();
    List<Hash> subtree = leaves;
    int position = (int) index;
    while (subtree.size() > 1) {
      int split = Integer.highestOneBit(subtree.size() - 1);
      List<Hash> left = subtree.subList(0, split);
      List<Hash> right = subtree.subList(split, subtree.size());
      path.add(root(position < split ? right : left));
      subtree = position < split ? left : right;
      position -= position < split ? 0 : split;
    }
    return path.reversed();
  }

  /** Appends to each leaf's path its siblings within this subtree; returns the subtree's root. */
  private static Hash extend(List<Hash> leaves, List<List<Hash>> paths) {
    if (leaves.size() == 1) {
      return leaves.getFirst();
    }
    int split = Integer.highestOneBit(leaves.size() - 1);
    List<List<Hash>> leftPaths = paths.subList(0, split);
    List<List<Hash>> rightPaths = paths.subList(split, paths.size());
    Hash left = extend(leaves.subList(0, split), leftPaths);
    Hash right = extend(leaves.subList(split, leaves.size()), rightPaths);
    leftPaths.forEach(path -> path.add(right));
    rightPaths.forEach(path -> path.add(left));
    return LabelledHash.node(left, right);
  }

  /**
   * Whether {@code path} shows that {@code leaf} is number {@code index} of {@code leafCount} under
   * {@code root}. A path of any other length than the tree's shape asks for is refused.
   *
   * <p>Source: RFC 9162, section 2.1.3.2.
   */
  public static boolean verify(Hash leaf, long index, long leafCount, List<Hash> path, Hash root) {
    checkIndex(index, leafCount);
    long node = index;
    long last = leafCount - 1;
    Hash hash = leaf;
    for (Hash sibling : path) {
      if (last == 0) {
        return false;
      }
      if ((node & 1) == 1 || node == last) {
        hash = LabelledHash.node(sibling, hash);
        // A node without right sibling moves up until it is one itself.
        while ((node & 1) == 0 && node != 0) {
          node >>= 1;
          last >>= 1;
        }
      } else {
        hash = LabelledHash.node(hash, sibling);
      }
      node >>= 1;
      last >>= 1;
    }
    return last == 0 && hash.equals(root);
  }

  private static void checkIndex(long index, long leafCount) {
    if (index < 0 || index >= leafCount) {
      throw new IllegalArgumentException("no leaf " + index + " of " + leafCount);
    }
  }
}
