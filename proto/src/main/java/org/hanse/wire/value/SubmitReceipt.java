package org.hanse.wire.value;

import org.hanse.core.plan.Hash;
import org.hanse.core.plan.JobId;

/**
 * Answer to a submission.
 *
 * @param created false when this very job was there already
 */
public record SubmitReceipt(JobId job, Hash planHash, boolean created) {}
