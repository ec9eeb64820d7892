package org.hanse.wire;

import java.util.Optional;
import org.hanse.core.plan.JobId;
import org.hanse.core.plan.Limits;
import org.hanse.core.secagg.AbortReason;
import org.hanse.proto.v1.Order;
import org.hanse.proto.v1.OrderRequest;
import org.hanse.wire.value.JobOrder;
import org.hanse.wire.value.JobStanding;
import org.hanse.wire.value.JobState;
import org.hanse.wire.value.OrderedJob;

/** Where a job stands, and what people ask of it. */
public final class StandingMessages {
  private StandingMessages() {}

  public static OrderRequest encode(OrderedJob order) {
    return OrderRequest.newBuilder().setJob(order.job().value()).setNote(order.note()).build();
  }

  public static OrderedJob decode(OrderRequest message) {
    FieldPath root = FieldPath.ROOT;
    JobId job = root.dot("job").job(message.getJob());
    return new OrderedJob(job, root.dot("note").text(message.getNote(), 0, Limits.MAX_TEXT_LENGTH));
  }

  static Order encode(JobOrder order) {
    return Order.newBuilder().setBy(order.by()).setNote(order.note()).build();
  }

  static JobOrder decode(FieldPath path, Order message) {
    return new JobOrder(
        path.dot("by").text(message.getBy(), 1, Limits.MAX_TEXT_LENGTH),
        path.dot("note").text(message.getNote(), 0, Limits.MAX_TEXT_LENGTH));
  }

  /** What fields of these names in the message at {@code path} say together. */
  static JobStanding standing(
      FieldPath path, JobState state, String reason, Optional<Order> order) {
    Optional<AbortReason> known = path.dot("reason").optionalConstant(AbortReason.class, reason);
    Optional<JobOrder> by = order.map(message -> decode(path.dot("order"), message));
    if (!JobStanding.consistent(state, known, by)) {
      throw path.dot("reason").refuse("must fit the state and the order");
    }
    return new JobStanding(state, known, by);
  }
}
