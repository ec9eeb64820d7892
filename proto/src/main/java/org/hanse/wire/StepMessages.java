package org.hanse.wire;

import org.hanse.core.plan.Limits;
import org.hanse.core.secagg.ToSite;
import org.hanse.proto.v1.Delivery;
import org.hanse.proto.v1.Endorsement;
import org.hanse.proto.v1.Quorum;
import org.hanse.proto.v1.Result;
import org.hanse.proto.v1.Roster;
import org.hanse.proto.v1.SharerCommitment;
import org.hanse.proto.v1.SharesFor;
import org.hanse.proto.v1.Survivor;
import org.hanse.proto.v1.Survivors;
import org.hanse.proto.v1.WorkItem;

/** What the coordinator sends during an attempt: M2, M4, M6, M8, M10. */
final class StepMessages {
  private StepMessages() {}

  static WorkItem.Builder set(WorkItem.Builder item, ToSite message) {
    return switch (message) {
      case ToSite.Roster m -> item.setRoster(encode(m));
      case ToSite.SharesFor m -> item.setShares(encode(m));
      case ToSite.Survivors m -> item.setSurvivors(encode(m));
      case ToSite.Quorum m -> item.setQuorum(encode(m));
      case ToSite.Result m -> item.setResult(encode(m));
      case ToSite.RoundStart m ->
          throw new IllegalArgumentException("M0 travels with certificates");
    };
  }

  private static Roster encode(ToSite.Roster m) {
    Roster.Builder message = Roster.newBuilder();
    m.advertisements().forEach(ad -> message.addAdvertisements(SiteMessages.encode(ad)));
    return message.build();
  }

  static ToSite.Roster decode(FieldPath path, Roster m) {
    return new ToSite.Roster(
        path.dot("advertisements")
            .ofSites(m.getAdvertisementsList(), SiteMessages::decode, ad -> ad.site()));
  }

  private static SharesFor encode(ToSite.SharesFor m) {
    SharesFor.Builder message = SharesFor.newBuilder();
    for (ToSite.SharerCommitment sharer : m.sharers()) {
      message.addSharers(
          SharerCommitment.newBuilder()
              .setSite(FieldPath.bytesOf(sharer.site()))
              .setEntryRoot(FieldPath.bytesOf(sharer.entryRoot()))
              .setSignature(FieldPath.bytesOf(sharer.signature())));
    }
    m.deliveries().forEach(delivery -> message.addDeliveries(encode(delivery)));
    return message.build();
  }

  static Delivery encode(ToSite.Delivery delivery) {
    Delivery.Builder message =
        Delivery.newBuilder()
            .setDealer(FieldPath.bytesOf(delivery.dealer()))
            .setIndex(delivery.index())
            .setEntry(SiteMessages.encode(delivery.entry()));
    delivery.path().forEach(hash -> message.addPath(FieldPath.bytesOf(hash)));
    return message.build();
  }

  static ToSite.SharesFor decode(FieldPath path, SharesFor m) {
    return new ToSite.SharesFor(
        path.dot("sharers")
            .ofSites(m.getSharersList(), StepMessages::decode, ToSite.SharerCommitment::site),
        path.dot("deliveries")
            .ascending(
                m.getDeliveriesList(),
                1,
                Limits.MAX_MEMBERS - 1,
                StepMessages::decode,
                ToSite.Delivery::dealer));
  }

  private static ToSite.SharerCommitment decode(FieldPath path, SharerCommitment m) {
    return new ToSite.SharerCommitment(
        path.dot("site").fingerprint(m.getSite()),
        path.dot("entry_root").hash(m.getEntryRoot()),
        path.dot("signature").signature(m.getSignature()));
  }

  static ToSite.Delivery decode(FieldPath path, Delivery m) {
    return new ToSite.Delivery(
        path.dot("dealer").fingerprint(m.getDealer()),
        path.dot("index").range(m.getIndex(), 0, Limits.MAX_MEMBERS - 2),
        SiteMessages.decode(path.dot("entry").present(m.hasEntry()), m.getEntry()),
        path.dot("path").list(m.getPathList(), 0, WireLimits.MAX_PATH_HASHES, FieldPath::hash));
  }

  private static Survivors encode(ToSite.Survivors m) {
    Survivors.Builder message = Survivors.newBuilder();
    m.survivors().forEach(survivor -> message.addSurvivors(encode(survivor)));
    return message.build();
  }

  static Survivor encode(ToSite.Survivor survivor) {
    return Survivor.newBuilder()
        .setSite(FieldPath.bytesOf(survivor.site()))
        .setRoot(FieldPath.bytesOf(survivor.root()))
        .setTag0(survivor.tag0())
        .setTag1(survivor.tag1())
        .setSignature(FieldPath.bytesOf(survivor.signature()))
        .build();
  }

  static ToSite.Survivors decode(FieldPath path, Survivors m) {
    return new ToSite.Survivors(
        path.dot("survivors")
            .ofSites(m.getSurvivorsList(), StepMessages::decode, ToSite.Survivor::site));
  }

  static ToSite.Survivor decode(FieldPath path, Survivor m) {
    return new ToSite.Survivor(
        path.dot("site").fingerprint(m.getSite()),
        path.dot("root").hash(m.getRoot()),
        path.dot("tag0").tag(m.getTag0()),
        path.dot("tag1").tag(m.getTag1()),
        path.dot("signature").signature(m.getSignature()));
  }

  private static Quorum encode(ToSite.Quorum m) {
    Quorum.Builder message = Quorum.newBuilder();
    m.endorsements().forEach(endorsement -> message.addEndorsements(encode(endorsement)));
    return message.build();
  }

  static Endorsement encode(ToSite.Endorsement endorsement) {
    return Endorsement.newBuilder()
        .setSite(FieldPath.bytesOf(endorsement.site()))
        .setStatement(FieldPath.bytesOf(endorsement.statement()))
        .setSignature(FieldPath.bytesOf(endorsement.signature()))
        .build();
  }

  static ToSite.Quorum decode(FieldPath path, Quorum m) {
    return new ToSite.Quorum(
        path.dot("endorsements")
            .ofSites(m.getEndorsementsList(), StepMessages::decode, ToSite.Endorsement::site));
  }

  static ToSite.Endorsement decode(FieldPath path, Endorsement m) {
    return new ToSite.Endorsement(
        path.dot("site").fingerprint(m.getSite()),
        path.dot("statement").hash(m.getStatement()),
        path.dot("signature").signature(m.getSignature()));
  }

  static Result encode(ToSite.Result m) {
    return Result.newBuilder()
        .setStatement(FieldPath.bytesOf(m.statement()))
        .setResultRoot(FieldPath.bytesOf(m.resultRoot()))
        .setTag0(m.tag0())
        .setTag1(m.tag1())
        .setSignature(FieldPath.bytesOf(m.signature()))
        .setCoordinatorKey(FieldPath.bytesOf(m.coordinatorKey()))
        .build();
  }

  static ToSite.Result decode(FieldPath path, Result m) {
    return new ToSite.Result(
        path.dot("statement").hash(m.getStatement()),
        path.dot("result_root").hash(m.getResultRoot()),
        path.dot("tag0").tag(m.getTag0()),
        path.dot("tag1").tag(m.getTag1()),
        path.dot("coordinator_key").key(m.getCoordinatorKey()),
        path.dot("signature").signature(m.getSignature()));
  }
}
