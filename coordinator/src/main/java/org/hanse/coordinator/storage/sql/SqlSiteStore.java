package org.hanse.coordinator.storage.sql;

import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.hanse.coordinator.round.CertifiedKey;
import org.hanse.coordinator.storage.SiteStore;
import org.hanse.coordinator.storage.StoredSite;
import org.hanse.core.plan.Bytes;
import org.hanse.core.plan.Fingerprint;
import org.hanse.core.plan.SiteId;

/** Sites in a table. */
final class SqlSiteStore implements SiteStore {
  private final Transactions transactions;

  SqlSiteStore(Transactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public void seen(SiteId site, CertifiedKey key, Instant at) throws IOException {
    Instant notAfter = key.notAfter();
    transactions.write(transaction ->
        transaction.execute(
            "INSERT INTO site (id, fingerprint, certificate, not_after_seconds,"
                + " not_after_nanos, seen_seconds, seen_nanos) VALUES (?, ?, ?, ?, ?, ?, ?)"
                + " ON CONFLICT (id) DO UPDATE SET fingerprint = excluded.fingerprint,"
                + " certificate = excluded.certificate,"
                + " not_after_seconds = excluded.not_after_seconds,"
                + " not_after_nanos = excluded.not_after_nanos,"
                + " seen_seconds = excluded.seen_seconds, seen_nanos = excluded.seen_nanos",
            site.value(),
            key.entry().site().toHex(),
            key.certificateDer().toByteArray(),
            notAfter.getEpochSecond(),
            notAfter.getNano(),
            at.getEpochSecond(),
            at.getNano()));
  }

  @Override
  public List<StoredSite> all() throws IOException {
    return transactions.read(transaction ->
        transaction
            .select("SELECT * FROM site")
            .map((row, context) ->
                Rows.decode(
                    "a site",
                    () ->
                        new StoredSite(
                            new SiteId(row.getString("id")),
                            Fingerprint.fromHex(row.getString("fingerprint")),
                            Bytes.of(row.getBytes("certificate")),
                            Rows.time("not_after", row),
                            Rows.time("seen", row))))
            .stream()
            // Here, since databases differ in how they order text.
            .sorted(Comparator.comparing(StoredSite::site))
            .toList());
  }
}
