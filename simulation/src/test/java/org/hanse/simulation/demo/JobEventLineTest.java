package org.hanse.simulation.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.hanse.core.plan.SiteId;
import org.hanse.simulation.demo.DemoEvent.AttemptAborted;
import org.hanse.simulation.demo.DemoEvent.DealerConvicted;
import org.hanse.simulation.demo.DemoEvent.RoundPublished;
import org.hanse.simulation.demo.DemoEvent.ShareRefused;
import org.hanse.simulation.demo.DemoEvent.SiteLeft;
import org.hanse.simulation.demo.DemoEvent.SiteRefused;
import org.hanse.simulation.demo.DemoEvent.StageReached;
import org.junit.jupiter.api.Test;

class JobEventLineTest {
  @Test
  void event_eachKindThatWatchPrints_read() throws DemoFailure {
    assertThat(
            JobEventLine.event(
                """
                {"event":"stage","round":2,"attempt":0,"stage":"shares","sites":5}\
                """))
        .contains(new StageReached(2, "shares", 5));
    assertThat(
            JobEventLine.event(
                """
                {"event":"round","round":2,"attempt":0,"sites":5,"metrics":{"training-loss":2.5,
                "training-accuracy":0.25},"modelHash":"ab","uploadedBytes":123,"seconds":0.5}\
                """))
        .contains(new RoundPublished(2, 5, 2.5, 0.25, 0.5, 123));
    assertThat(
            JobEventLine.event(
                """
                {"event":"aborted","round":3,"attempt":1,"reason":"SHARE_REFUSED"}\
                """))
        .contains(new AttemptAborted(3, 1, "SHARE_REFUSED"));
    assertThat(
            JobEventLine.event(
                """
                {"event":"left","round":3,"attempt":1,"site":"site-2","reason":"GONE"}\
                """))
        .contains(new SiteLeft(3, new SiteId("site-2"), "GONE"));
    assertThat(
            JobEventLine.event(
                """
                {"event":"share-refused","round":3,"attempt":1,"holder":"site-1","dealer":"site-2",
                "reason":"BOX_UNREADABLE"}\
                """))
        .contains(
            new ShareRefused(3, new SiteId("site-1"), new SiteId("site-2"), "BOX_UNREADABLE"));
    assertThat(
            JobEventLine.event(
                """
                {"event":"convicted","round":4,"attempt":0,"site":"site-2"}\
                """))
        .contains(new DealerConvicted(4, new SiteId("site-2")));
  }

  @Test
  void event_lastLine_none() throws DemoFailure {
    assertThat(
            JobEventLine.event(
                """
                {"event":"finished","state":"completed","reason":"","rounds":20,"modelHash":""}\
                """))
        .isEmpty();
  }

  @Test
  void refusal_siteDoesNotGoAlong_toldWithItsReason() throws DemoFailure {
    SiteId site = new SiteId("site-2");
    assertThat(
            JobEventLine.refusal(
                site,
                """
                {"event":"refused","job":"j","round":2,"reason":"QUORUM_INVALID","explanation":"3 of 4"}\
                """))
        .contains(new SiteRefused(site, 2, "QUORUM_INVALID", "3 of 4"));
    assertThat(JobEventLine.refusal(site, "{\"event\":\"training\",\"job\":\"j\",\"round\":1}"))
        .isEmpty();
  }

  @Test
  void read_whatNoProgramShouldPrint_failureInWords() {
    assertThatThrownBy(() -> JobEventLine.event("Exception in thread"))
        .isInstanceOf(DemoFailure.class);
    assertThatThrownBy(() -> JobEventLine.field("{}", "planHash"))
        .isInstanceOf(DemoFailure.class)
        .hasMessageContaining("planHash");
  }
}
