package org.hanse.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Hash;
import org.hanse.core.testing.VectorFile;
import org.hanse.core.testing.VectorFile.Vector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class MerkleTreeTest {
  static IntStream sizes() {
    return IntStream.rangeClosed(1, 17);
  }

  @Test
  void root_referenceLog_givesItsRoots() {
    List<Hash> leaves = new ArrayList<>();
    for (Vector vector : VectorFile.read("merkle-rfc6962.txt")) {
      leaves.add(sha256(new byte[] {0}, vector.array("leaf")));
      assertThat(MerkleTree.root(leaves)).isEqualTo(vector.hash("root"));
    }
    assertThat(leaves).hasSize(8);
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void root_anySize_equalsDefinition(int size) {
    assertThat(MerkleTree.root(leaves(size))).isEqualTo(naiveRoot(leaves(size)));
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void verify_everyLeaf_acceptsItsOwnProofAlone(int size) {
    List<Hash> leaves = leaves(size);
    Hash root = MerkleTree.root(leaves);
    for (int index = 0; index < size; index++) {
      List<Hash> path = MerkleTree.proofs(leaves).get(index);
      assertThat(path).isEqualTo(naivePath(leaves, index));
      for (int claimed = 0; claimed < size; claimed++) {
        assertThat(MerkleTree.verify(leaves.get(index), claimed, size, path, root))
            .as("leaf %d claimed as %d of %d", index, claimed, size)
            .isEqualTo(claimed == index);
      }
    }
  }

  @Test
  void proofs_noLeaf_areNone() {
    assertThat(MerkleTree.proofs(List.of())).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void verify_anythingAltered_refuses(int size) {
    List<Hash> leaves = leaves(size);
    Hash root = MerkleTree.root(leaves);
    for (int index = 0; index < size; index++) {
      Hash leaf = leaves.get(index);
      List<Hash> path = MerkleTree.proofs(leaves).get(index);
      assertThat(MerkleTree.verify(flip(leaf), index, size, path, root)).isFalse();
      assertThat(MerkleTree.verify(leaf, index, size, path, flip(root))).isFalse();
      for (int i = 0; i < path.size(); i++) {
        List<Hash> altered = new ArrayList<>(path);
        altered.set(i, flip(path.get(i)));
        assertThat(MerkleTree.verify(leaf, index, size, altered, root)).isFalse();
      }
      List<Hash> longer = new ArrayList<>(path);
      longer.add(leaf);
      assertThat(MerkleTree.verify(leaf, index, size, longer, root)).isFalse();
      if (!path.isEmpty()) {
        assertThat(MerkleTree.verify(leaf, index, size, path.subList(0, path.size() - 1), root))
            .isFalse();
      }
    }
  }

  @Test
  void verify_innerNodeAsLeaf_refusesByPathLength() {
    List<Hash> leaves = leaves(4);
    Hash left = LabelledHash.node(leaves.get(0), leaves.get(1));
    Hash right = LabelledHash.node(leaves.get(2), leaves.get(3));
    Hash root = MerkleTree.root(leaves);
    assertThat(MerkleTree.verify(left, 0, 2, List.of(right), root)).isTrue();
    assertThat(MerkleTree.verify(left, 0, 4, List.of(right), root)).isFalse();
  }

  @Test
  void verify_leafOfADeeperTree_refusesByPathLength() {
    List<Hash> leaves = leaves(2);
    Hash root = MerkleTree.root(leaves);
    List<Hash> path = List.of(leaves.get(0));
    assertThat(MerkleTree.verify(leaves.get(1), 1, 2, path, root)).isTrue();
    assertThat(MerkleTree.verify(leaves.get(1), 0, 1, path, root)).isFalse();
  }

  @Test
  void verify_indexOutsideTree_isRefused() {
    Hash leaf = leaves(1).getFirst();
    assertThatThrownBy(() -> MerkleTree.verify(leaf, 1, 1, List.of(), leaf))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> MerkleTree.verify(leaf, -1, 1, List.of(), leaf))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void rootBuilder_askedBetweenLeaves_givesEveryPrefix() {
    MerkleRootBuilder builder = new MerkleRootBuilder();
    assertThatThrownBy(builder::root).isInstanceOf(IllegalStateException.class);
    List<Hash> leaves = leaves(40);
    for (int i = 0; i < leaves.size(); i++) {
      builder.add(leaves.get(i));
      assertThat(builder.root()).isEqualTo(naiveRoot(leaves.subList(0, i + 1)));
    }
  }

  private static List<Hash> leaves(int size) {
    return IntStream.range(0, size)
        .mapToObj(i -> LabelledHash.leaf("test", new Fields().u64(i)))
        .toList();
  }

  /** MT of the specification, word for word. */
  private static Hash naiveRoot(List<Hash> leaves) {
    if (leaves.size() == 1) {
      return leaves.getFirst();
    }
    int split = naiveSplit(leaves.size());
    return sha256(
        new byte[] {1},
        naiveRoot(leaves.subList(0, split)).bytes().toByteArray(),
        naiveRoot(leaves.subList(split, leaves.size())).bytes().toByteArray());
  }

  /** PATH of RFC 9162, section 2.1.3.1, word for word. */
  private static List<Hash> naivePath(List<Hash> leaves, int index) {
    if (leaves.size() == 1) {
      return List.of();
    }
    int split = naiveSplit(leaves.size());
    List<Hash> left = leaves.subList(0, split);
    List<Hash> right = leaves.subList(split, leaves.size());
    List<Hash> path = new ArrayList<>();
    if (index < split) {
      path.addAll(naivePath(left, index));
      path.add(naiveRoot(right));
    } else {
      path.addAll(naivePath(right, index - split));
      path.add(naiveRoot(left));
    }
    return path;
  }

  private static int naiveSplit(int size) {
    int split = 1;
    while (2 * split < size) {
      split *= 2;
    }
    return split;
  }

  private static Hash flip(Hash hash) {
    byte[] bytes = hash.bytes().toByteArray();
    bytes[bytes.length - 1] ^= 1;
    return new Hash(Bytes.of(bytes));
  }

  private static Hash sha256(byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (byte[] part : parts) {
        digest.update(part);
      }
      return Hash.of(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
