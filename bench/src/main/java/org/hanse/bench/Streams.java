package org.hanse.bench;

import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.hanse.core.crypto.Fields;
import org.hanse.core.crypto.KeyDerivation;
import org.hanse.core.crypto.MaskStream;
import org.hanse.core.crypto.SecretBytes;

/** Mask streams under sample keys, and what they are measured against. */
final class Streams {
  private static final int TILE_BYTES = 16 << 10;

  private Streams() {}

  /** Streams whose keys are derived segment by segment, as those of masks and tags are. */
  static List<MaskStream> masks(int count) {
    List<MaskStream> streams = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      SecretBytes secret = SampleJob.secret("mask " + i);
      streams.add(
          new MaskStream(segment ->
              KeyDerivation.derive(
                  secret, SampleJob.MODEL, "bench/mask", new Fields().u64(segment))));
    }
    return streams;
  }

  /** Makes that many bytes of one AES-256-CTR key stream, rounded up to a tile, for nothing. */
  static void bareCtr(long bytes) {
    try {
      Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding", "SunJCE");
      cipher.init(
          Cipher.ENCRYPT_MODE,
          new SecretKeySpec(new byte[KeyDerivation.KEY_SIZE_BYTES], "AES"),
          new IvParameterSpec(new byte[16]));
      byte[] zeros = new byte[TILE_BYTES];
      byte[] tile = new byte[TILE_BYTES];
      for (long done = 0; done < bytes; done += TILE_BYTES) {
        cipher.update(zeros, 0, TILE_BYTES, tile, 0);
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has AES-CTR", e);
    }
  }

  /** {@code sum[i] += values[i]}. */
  static void bareAdd(int[] sum, int[] values) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += values[i];
    }
  }
}
