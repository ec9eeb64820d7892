package org.hanse.coordinator.storage;

import java.io.IOException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * What is stored cannot be read or written. Nothing was deleted or altered. The message is one
 * sentence for an operator: what is wrong and what to do. It names no password.
 */
public final class StorageException extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  private final Code code;

  /** Why; the texts are stable, documents and scripts name them. */
  public enum Code {
    /** Another coordinator has it. */
    IN_USE("storage-in-use"),
    /** Another program holds a lock for too long. */
    LOCKED("storage-locked"),
    /** No space is left. */
    FULL("storage-full"),
    /** A newer coordinator, or another build of this one, made it. */
    NEWER("storage-newer"),
    /** It is not what was written. */
    DAMAGED("storage-damaged"),
    /** The database server does not answer, or refuses the user. */
    UNREACHABLE("storage-unreachable"),
    /** Anything else. */
    FAILED("storage-failed");

    private final String text;

    Code(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }
  }

  public StorageException(Code code, String message) {
    this(code, message, null);
  }

  public StorageException(Code code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  public Code code() {
    return code;
  }
}
