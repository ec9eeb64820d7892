package org.hanse.core.secagg;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Suite;
import org.hanse.core.secagg.ProtocolFederation.Dropout;
import org.hanse.core.secagg.coordinator.AggregationState;
import org.junit.jupiter.api.Test;

/** What a coordinator receives in an attempt holds no site's update, weight, loss or accuracy. */
class CoordinatorViewTest {

  @Test
  void received_maskedAttempt_holdsNothingOfASite() {
    assertThat(leaks(attempt(Suite.FLSA1))).isEmpty();
  }

  @Test
  void received_maskedAttemptWithDropouts_holdsNothingOfASite() {
    ProtocolFederation federation = attempt(Suite.FLSA1);
    federation.dropping(0, Dropout.AFTER_COMMIT).dropping(3, Dropout.DURING_UPLOAD);

    assertThat(leaks(federation)).isEmpty();
  }

  /** The search itself finds what there is to find. */
  @Test
  void received_attemptWithoutMasks_searchFindsUpdatesAndWeights() {
    ProtocolFederation federation = attempt(Suite.PLAIN);

    List<String> leaks = leaks(federation);

    for (int site = 0; site < 7; site++) {
      assertThat(leaks).contains("update of " + site, "weight of " + site, "loss of " + site);
    }
  }

  private static ProtocolFederation attempt(Suite suite) {
    return new ProtocolFederation(
        TestConsortium.of(TestConsortium.Shape.of(7, 1).suite(suite).features(50)), 9);
  }

  private static List<String> leaks(ProtocolFederation federation) {
    federation.run();
    assertThat(federation.state).isInstanceOf(AggregationState.Closed.class);
    byte[] view = view(federation);
    List<String> leaks = new ArrayList<>();
    for (int number = 0; number < federation.sites.size(); number++) {
      SimulatedSite site = federation.site(number);
      int parameters = site.update.size() - 3;
      for (int i = 0; i + 1 < parameters; i++) {
        byte[] run = ProtocolFederation.littleEndian(site.update.get(i), site.update.get(i + 1));
        search(view, run, "update of " + number, leaks);
        byte[] plain = new byte[4];
        ByteBuffer.wrap(plain)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putFloat(site.plainUpdate.delta().get(i));
        search(view, plain, "plain update of " + number, leaks);
      }
      int weight = site.update.get(parameters);
      assertThat(weight).isGreaterThanOrEqualTo(1_000);
      search(view, ProtocolFederation.littleEndian(weight), "weight of " + number, leaks);
      search(view, bigEndian(weight), "weight of " + number, leaks);
      int loss = site.update.get(parameters + 1);
      search(view, ProtocolFederation.littleEndian(loss), "loss of " + number, leaks);
      search(view, bigEndian(loss), "loss of " + number, leaks);
      for (double metric : site.plainUpdate.metrics()) {
        search(
            view, ByteBuffer.allocate(8).putDouble(metric).array(), "metric of " + number, leaks);
      }
    }
    return leaks;
  }

  private static byte[] bigEndian(int value) {
    return ByteBuffer.allocate(4).putInt(value).array();
  }

  private static void search(byte[] view, byte[] wanted, String name, List<String> found) {
    for (int start = 0; start + wanted.length <= view.length; start++) {
      int matched = 0;
      while (matched < wanted.length && view[start + matched] == wanted[matched]) {
        matched++;
      }
      if (matched == wanted.length) {
        found.add(name);
        return;
      }
    }
  }

  /** All bytes and numbers of all messages, and all uploaded chunks. */
  private static byte[] view(ProtocolFederation federation) {
    List<byte[]> parts = new ArrayList<>();
    federation.spool.values().forEach(parts::addAll);
    federation.received.forEach(message -> collect(message, parts));
    return UploadBytes.joined(parts);
  }

  private static void collect(Object value, List<byte[]> parts) {
    switch (value) {
      case Bytes bytes -> parts.add(bytes.toByteArray());
      case Integer number -> parts.add(bigEndian(number));
      case Long number -> parts.add(ByteBuffer.allocate(8).putLong(number).array());
      case List<?> list -> list.forEach(entry -> collect(entry, parts));
      case Optional<?> optional -> optional.ifPresent(part -> collect(part, parts));
      case Record message -> {
        for (RecordComponent component : message.getClass().getRecordComponents()) {
          try {
            component.getAccessor().setAccessible(true);
            collect(component.getAccessor().invoke(message), parts);
          } catch (IllegalAccessException | InvocationTargetException e) {
            throw new LinkageError(e.getMessage(), e);
          }
        }
      }
      case Boolean flag -> parts.add(new byte[] {(byte) (flag ? 1 : 0)});
      case Enum<?> constant -> {} // a closed list
      default -> throw new AssertionError("what is in a " + value.getClass());
    }
  }
}
