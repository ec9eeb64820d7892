package org.hanse.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.List;
import org.hanse.core.plan.Hash;
import org.hanse.core.testing.SampleRound;
import org.hanse.core.testing.VectorFile;
import org.hanse.core.testing.VectorFile.Vector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class KeyDerivationTest {
  static List<Vector> rfc5869() {
    return VectorFile.read("hkdf-sha256.txt");
  }

  @ParameterizedTest
  @MethodSource("rfc5869")
  void hkdf_rfcVector_givesItsOutput(Vector vector) {
    SecretBytes output =
        KeyDerivation.hkdf(vector.secret("ikm"), vector.array("salt"), vector.array("info"));
    assertThat(output).isEqualTo(vector.secret("output"));
  }

  @Test
  void derive_sampleRound_givesItsMaskKeys() {
    Vector masks = VectorFile.read("flsa1.txt", "masks");
    assertThat(SampleRound.pairKey("vec", 0)).isEqualTo(masks.secret("pair-key"));
    assertThat(SampleRound.selfKey("vec", 0)).isEqualTo(masks.secret("self-key"));
  }

  @Test
  void derive_anyInputChanged_givesAnotherKey() {
    SecretBytes material = SampleRound.run(1, 32);
    Fields fields = new Fields().u8(1);
    SecretBytes key = KeyDerivation.derive(material, SampleRound.CTX, "label", fields);
    assertThat(key.size()).isEqualTo(KeyDerivation.KEY_SIZE_BYTES);
    assertThat(
            List.of(
                KeyDerivation.derive(SampleRound.run(2, 32), SampleRound.CTX, "label", fields),
                KeyDerivation.derive(material, SampleRound.ECTX, "label", fields),
                KeyDerivation.derive(material, SampleRound.CTX, "labek", fields),
                KeyDerivation.derive(material, SampleRound.CTX, "label", new Fields().u8(2))))
        .doesNotContain(key);
  }

  @Test
  void derive_labelAndFields_areTheInfoOfHkdf() {
    Hash salt = SampleRound.CTX;
    byte[] info = HexFormat.of().parseHex("0000000161" + "0000000107");
    assertThat(KeyDerivation.derive(SampleRound.run(1, 32), salt, "a", new Fields().u8(7)))
        .isEqualTo(KeyDerivation.hkdf(SampleRound.run(1, 32), salt.bytes().toByteArray(), info));
  }
}
