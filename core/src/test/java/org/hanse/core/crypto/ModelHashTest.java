package org.hanse.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.hanse.core.plan.Hash;
import org.hanse.core.testing.VectorFile;
import org.hanse.core.testing.VectorFile.Vector;
import org.hanse.core.vector.FloatVector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ModelHashTest {
  private final Vector vector = VectorFile.read("flsa1.txt", "model");

  @Test
  void of_sampleFloats_givesTheirHash() {
    assertThat(ModelHash.of(FloatVector.of(1f, -0f, 3.5f).segment()))
        .isEqualTo(vector.hash("three-floats"));
  }

  @Test
  void leaf_fiveSamplePieces_giveTheirRoot() {
    List<Hash> leaves =
        IntStream.range(0, 5)
            .mapToObj(i -> ModelHash.leaf(i, MemorySegment.ofArray(new byte[] {(byte) i})))
            .toList();
    assertThat(MerkleTree.root(leaves)).isEqualTo(vector.hash("five-leaves"));
  }

  @ParameterizedTest
  @ValueSource(ints = {4, (1 << 20) - 4, 1 << 20, (1 << 20) + 4, 3 << 20, (3 << 20) + 400})
  void of_aroundPieceBorders_equalsRootOverPieces(int sizeBytes) {
    byte[] model = new byte[sizeBytes];
    new Random(sizeBytes).nextBytes(model);
    List<Hash> leaves = new ArrayList<>();
    for (int start = 0; start < sizeBytes; start += 1 << 20) {
      byte[] piece = Arrays.copyOfRange(model, start, Math.min(start + (1 << 20), sizeBytes));
      leaves.add(LabelledHash.leaf("flsa1/model", new Fields().u64(leaves.size()).bytes(piece)));
    }
    Hash expected = MerkleTree.root(leaves);
    assertThat(ModelHash.of(MemorySegment.ofArray(model))).isEqualTo(expected);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment offHeap = arena.allocate(sizeBytes);
      offHeap.copyFrom(MemorySegment.ofArray(model));
      assertThat(ModelHash.of(offHeap)).isEqualTo(expected);
    }
  }
}
