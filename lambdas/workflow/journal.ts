import type { DurableContext } from '@aws/durable-execution-sdk-js';
import { appendRecord } from '../aws/audit-log.ts';
import { type AuditEntry, orderOf } from '../core/audit-record.ts';
import { evidenceLines } from '../core/evidence-lines.ts';
import type { Policy } from '../core/policy.ts';
import type { Remediation } from '../core/remediation.ts';

/** Writes the execution's records in the order of its flow, each once however often the execution is replayed. */
export class Journal {
  readonly #ctx: DurableContext;
  readonly #policy: Policy;
  readonly #remediation: Remediation;
  #place = 0;
  /** What the newest repair saw before it acted, one line each: told to the person who takes over. */
  lastEvidence: readonly string[] = [];

  constructor(ctx: DurableContext, policy: Policy, remediation: Remediation) {
    this.#ctx = ctx;
    this.#policy = policy;
    this.#remediation = remediation;
  }

  async record(entry: AuditEntry): Promise<void> {
    this.#place += 1;
    if (entry.kind === 'acted' && entry.purpose === 'repair') this.lastEvidence = evidenceLines(entry.answer);
    const { incidentId, run } = this.#remediation;
    const order = orderOf(run, this.#place, entry.kind);
    await this.#ctx.step(`record ${order}`, () =>
      appendRecord({ stack: this.#policy.stack, subject: incidentId, order }, entry, Date.now()),
    );
  }
}
