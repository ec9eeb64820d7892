package org.hanse.simulation.remembered;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.util.Set;

/**
 * A system class loader ({@code -Djava.system.class.loader}) under which the simulated programs'
 * calls of Curve25519 go to {@link Curves}. Nothing else of them is changed.
 */
public final class RememberingLoader extends ClassLoader {
  private static final Set<String> CURVES =
      Set.of("org/bouncycastle/math/ec/rfc7748/X25519", "org/bouncycastle/math/ec/rfc8032/Ed25519");

  private static final Set<String> REMEMBERED =
      Set.of("sign", "verify", "scalarMultBase", "calculateAgreement");

  private static final String OURS = "org.hanse.";
  private static final String CALLERS = OURS + "core.crypto.";

  static {
    registerAsParallelCapable();
  }

  /** Called by the virtual machine. */
  public RememberingLoader(ClassLoader parent) {
    super("remembering", parent);
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(OURS)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded == null ? define(name) : loaded;
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      byte[] original = in.readAllBytes();
      byte[] defined = name.startsWith(CALLERS) ? redirected(original) : original;
      return defineClass(name, defined, 0, defined.length);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }

  private static byte[] redirected(byte[] original) {
    ClassFile files = ClassFile.of();
    ClassDesc target = ClassDesc.of(OURS + "simulation.remembered.Curves");
    return files.transformClass(
        files.parse(original),
        ClassTransform.transformingMethodBodies((builder, element) -> {
          if (element instanceof InvokeInstruction call
              && CURVES.contains(call.owner().asInternalName())
              && REMEMBERED.contains(call.name().stringValue())) {
            builder.invokestatic(target, call.name().stringValue(), call.typeSymbol());
          } else {
            builder.with(element);
          }
        }));
  }
}
