package org.hanse.wire;

import java.nio.charset.StandardCharsets;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.JobManifest;
import org.hanse.core.plan.Limits;

/**
 * A job's manifest as JSON text. Who makes a manifest writes it once, in the canonical form of
 * {@link #encode}; what is hashed, approved, relayed and stored are those very bytes, and nobody
 * writes them anew. So {@link #decode} takes any valid spelling of the same keys (order, spaces,
 * escapes, {@code 1} for {@code 1.0}): two spellings are two manifests with two hashes.
 *
 * <p>Everything else is refused with the path of the key: a key that is missing, unknown or there
 * twice, a value of another type, a number out of range, a layout that is not the model's own.
 */
public final class ManifestCodec {
  private ManifestCodec() {}

  /**
   * UTF-8, two spaces a level, keys in fixed order, members in ascending order of their keys.
   *
   * @throws IllegalArgumentException if the text would exceed {@link Limits#MAX_MANIFEST_BYTES}, or
   *     a text of the manifest is no valid Unicode
   */
  public static Bytes encode(JobManifest manifest) {
    String text = JsonPrinter.print(ManifestWriter.write(manifest));
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new IllegalArgumentException("a text of the manifest is no valid Unicode");
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > Limits.MAX_MANIFEST_BYTES) {
      throw new IllegalArgumentException(
          "the manifest has " + bytes.length + " bytes, the most is " + Limits.MAX_MANIFEST_BYTES);
    }
    return Bytes.of(bytes);
  }

  /**
   * The manifest that these bytes spell.
   *
   * @throws MalformedMessageException naming the key that breaks a rule
   */
  public static JobManifest decode(Bytes exactBytes) {
    return ManifestReader.read(JsonReader.read(exactBytes));
  }
}
