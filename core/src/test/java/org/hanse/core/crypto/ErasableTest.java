package org.hanse.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.hanse.core.testing.SampleRound;
import org.junit.jupiter.api.Test;

final class ErasableTest {
  private final SecretBytes first = SampleRound.run(1, 32);
  private final SecretBytes second = SampleRound.run(2, 32);

  @Test
  void close_blockEnds_erasesTheSecret() {
    try (SecretBytes resource = first) {
      assertThat(resource.isErased()).isFalse();
    }

    assertThat(first.isErased()).isTrue();
  }

  @Test
  void close_blockThrows_erasesTheSecret() {
    assertThatThrownBy(this::useAndFail).isInstanceOf(CryptoException.class);

    assertThat(first.isErased()).isTrue();
  }

  private void useAndFail() {
    try (SecretBytes resource = first) {
      assertThat(resource.isErased()).isFalse();
      throw new CryptoException();
    }
  }

  @Test
  void all_secretAddedBeforeTheEnd_isErasedToo() {
    List<SecretBytes> secrets = new ArrayList<>(List.of(first));
    try (Erasable _ = Erasable.all(secrets)) {
      secrets.add(second);
      assertThat(secrets).noneMatch(SecretBytes::isErased);
    }

    assertThat(secrets).hasSize(2).allMatch(SecretBytes::isErased);
  }
}
