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
  #places = 0;
  /** What the newest repair saw before it acted, one line each: told to the person who takes over. */
  lastEvidence: readonly string[] = [];

  constructor(ctx: DurableContext, policy: Policy, remediation: Remediation) {
    this.#ctx = ctx;
    this.#policy = policy;
    this.#remediation = remediation;
  }

  async record(entry: AuditEntry): Promise<void> {
    const { order, append } = this.#place(entry);
    await this.#ctx.step(`record ${order}`, append);
  }

  /** Does something in a step that also writes a record, where there is one: whoever finds the step done finds both done. */
  async recordAlong<T>(entry: AuditEntry | undefined, stepName: string, work: () => Promise<T>): Promise<T> {
    const append = entry === undefined ? undefined : this.#place(entry).append;
    return this.#ctx.step(stepName, async () => {
      const [done] = await Promise.all([work(), append?.()]);
      return done;
    });
  }

  #place(entry: AuditEntry): { readonly order: string; readonly append: () => Promise<void> } {
    this.#places += 1;
    if (entry.kind === 'acted' && entry.purpose === 'repair') this.lastEvidence = evidenceLines(entry.answer);
    const { incidentId, run } = this.#remediation;
    const order = orderOf(run, this.#places, entry.kind);
    const place = { stack: this.#policy.stack, subject: incidentId, order };
    return { order, append: () => appendRecord(place, entry, Date.now()) };
  }
}
