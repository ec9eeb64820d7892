package org.hanse.simulation.attack;

import java.lang.foreign.MemorySegment;
import org.hanse.core.crypto.ModelHash;
import org.hanse.core.plan.Hash;
import org.hanse.core.plan.SiteId;
import org.hanse.wire.value.DataPiece;
import org.hanse.wire.value.Work;
import org.hanse.wire.value.WorkContent.Train;

/** One site is named another model to train on; another is given other bytes of the right one. */
final class DifferentModels implements Script {
  private static final SiteId OTHER_NAME = Attack.site(1);
  private static final SiteId OTHER_BYTES = Attack.site(2);

  private final Backstage backstage;

  DifferentModels(Backstage backstage) {
    this.backstage = backstage;
  }

  @Override
  public Work work(SiteId site, Work honest) {
    if (!site.equals(OTHER_NAME) || !(honest.content() instanceof Train task)) {
      return honest;
    }
    backstage.tell("names %s a model of its own as the start of the round".formatted(site));
    return new Work(
        honest.position(),
        honest.deadlineSeconds(),
        new Train(task.planHash(), crafted(honest), task.adoption()));
  }

  /** All parameters zero: any model that nobody agreed on would do. */
  private Hash crafted(Work honest) {
    Cast cast = Cast.of(backstage, honest.position().job());
    long parameters = cast.manifest().layout().parameterCount();
    return ModelHash.of(MemorySegment.ofArray(new byte[Math.toIntExact(parameters * Float.BYTES)]));
  }

  @Override
  public DataPiece model(SiteId site, DataPiece honest) {
    if (!site.equals(OTHER_BYTES)) {
      return honest;
    }
    backstage.tell("names %s the agreed model and sends it the bytes of another".formatted(site));
    return new DataPiece(honest.offsetBytes(), new byte[honest.data().length]);
  }
}
