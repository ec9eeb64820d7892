package org.hanse.coordinator.grpc.guard;

import io.grpc.HandlerRegistry;
import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Lets calls of methods that do not exist pass through the interceptors, which refuse them like any
 * other method without a row in the policy.
 */
public final class UnknownMethods extends HandlerRegistry {
  @Override
  public ServerMethodDefinition<?, ?> lookupMethod(String methodName, @Nullable String authority) {
    MethodDescriptor<InputStream, InputStream> unknown =
        MethodDescriptor.<InputStream, InputStream>newBuilder()
            .setType(MethodDescriptor.MethodType.UNKNOWN)
            .setFullMethodName(methodName)
            .setRequestMarshaller(new Unread())
            .setResponseMarshaller(new Unread())
            .build();
    return ServerMethodDefinition.create(
        unknown,
        (call, headers) -> {
          throw new IllegalStateException("the policy let an unknown method through");
        });
  }

  /** Takes no bytes in and sends none. */
  private static final class Unread implements MethodDescriptor.Marshaller<InputStream> {
    @Override
    public InputStream stream(InputStream value) {
      return value;
    }

    @Override
    public InputStream parse(InputStream stream) {
      return new ByteArrayInputStream(new byte[0]);
    }
  }
}
