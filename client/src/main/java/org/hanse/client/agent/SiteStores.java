package org.hanse.client.agent;

import java.io.IOException;
import org.hanse.client.session.SiteMemory;
import org.hanse.client.session.SiteRecord;
import org.hanse.client.storage.ModelStore;
import org.hanse.client.storage.ResultFiles;
import org.hanse.client.storage.SiteJournal;
import org.hanse.client.storage.UpdateStore;
import org.hanse.core.plan.JobId;
import org.hanse.core.secagg.JournalEntry;

/** What this site keeps on disk. */
public record SiteStores(
    SiteJournal journal, UpdateStore updates, ModelStore models, ResultFiles results) {

  /** Writes a record durably, and forgets the update of a round that it closes. */
  void remember(SiteRecord record) throws IOException {
    journal.append(record);
    if (record instanceof SiteRecord.Protocol(JournalEntry.Closed closed)) {
      updates.delete(closed.round());
    }
  }

  /** What the journal says about a job. */
  SiteMemory memory(JobId job) {
    return SiteMemory.of(job, journal.records());
  }

  /** Forgets files that no open round needs: what a crash left behind. */
  void tidy() throws IOException {
    updates.retain(new SiteMemory(journal.records()).openRounds());
  }
}
