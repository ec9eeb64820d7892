package org.hanse.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SecretBytesTest {
  @Test
  void copyOf_arrayChangedLater_keepsContent() {
    byte[] array = {1, 2, 3};
    SecretBytes secret = SecretBytes.copyOf(array);
    array[0] = 9;
    assertThat(secret.toByteArray()).containsExactly(1, 2, 3);
    secret.toByteArray()[0] = 9;
    assertThat(secret.toByteArray()).containsExactly(1, 2, 3);
  }

  @Test
  void adopt_erased_zeroesTheCallersArray() {
    byte[] array = {1, 2, 3};
    SecretBytes.adopt(array).erase();
    assertThat(array).containsOnly(0);
  }

  @Test
  void erase_twice_forbidsEveryLaterUse() {
    SecretBytes secret = SecretBytes.copyOf(new byte[] {1, 2, 3});
    assertThat(secret.isErased()).isFalse();
    secret.erase();
    secret.erase();
    assertThat(secret.isErased()).isTrue();
    assertThat(secret.size()).isEqualTo(3);
    assertThatThrownBy(secret::toByteArray).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> secret.slice(0, 1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> new Fields().secret(secret)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> SecretBytes.concatenate(List.of(secret)))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> secret.equals(SecretBytes.copyOf(new byte[3])))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void copy_originalErased_keepsContent() {
    SecretBytes original = SecretBytes.copyOf(new byte[] {1, 2, 3});
    SecretBytes copy = original.copy();
    assertThat(copy).isEqualTo(original);
    original.erase();
    assertThat(copy.toByteArray()).containsExactly(1, 2, 3);
    assertThatThrownBy(original::copy).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void longAt_anyOffset_isLittleEndian() {
    SecretBytes secret = SecretBytes.copyOf(new byte[] {9, 1, 2, 3, 4, 5, 6, 7, (byte) 0x88, 9});
    assertThat(secret.longAt(1)).isEqualTo(0x8807_0605_0403_0201L);
    assertThat(secret.longAt(2)).isEqualTo(0x0988_0706_0504_0302L);
    assertThatThrownBy(() -> secret.longAt(3)).isInstanceOf(IndexOutOfBoundsException.class);
    secret.erase();
    assertThatThrownBy(() -> secret.longAt(0)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void toString_neverShowsContent() {
    assertThat(SecretBytes.copyOf(new byte[] {65, 66, 67})).hasToString("secret of 3 bytes");
  }

  @Test
  void equals_contentAndSize_decide() {
    SecretBytes secret = SecretBytes.copyOf(new byte[] {1, 2});
    assertThat(secret).isEqualTo(SecretBytes.copyOf(new byte[] {1, 2}));
    assertThat(secret).hasSameHashCodeAs(SecretBytes.copyOf(new byte[] {8, 9}));
    assertThat(secret).isNotEqualTo(SecretBytes.copyOf(new byte[] {1, 3}));
    assertThat(secret).isNotEqualTo(SecretBytes.copyOf(new byte[] {1, 2, 0}));
  }

  @Test
  void concatenateThenSlice_givesThePartsBack() {
    SecretBytes first = SecretBytes.copyOf(new byte[] {1, 2});
    SecretBytes second = SecretBytes.copyOf(new byte[] {3});
    SecretBytes joined = SecretBytes.concatenate(List.of(first, second));
    assertThat(joined.slice(0, 2)).isEqualTo(first);
    assertThat(joined.slice(2, 3)).isEqualTo(second);
    assertThat(joined.slice(0, 0).size()).isZero();
    assertThat(joined.slice(3, 3).size()).isZero();
    assertThatThrownBy(() -> joined.slice(-1, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> joined.slice(2, 4)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> joined.slice(2, 1)).isInstanceOf(IllegalArgumentException.class);
  }
}
