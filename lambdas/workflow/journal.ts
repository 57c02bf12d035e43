import type { DurableContext } from '@aws/durable-execution-sdk-js';
import { appendRecord } from '../aws/audit-log.ts';
import { type AuditEntry, orderOf } from '../core/audit-record.ts';
import { evidenceSubject, type KeptEvidence } from '../core/evidence.ts';
import type { Policy } from '../core/policy.ts';
import type { Remediation } from '../core/remediation.ts';

/** Order of kept evidence under its own subject: there is one record of it. */
const EVIDENCE_ORDER = 'evidence';

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

  /** Records what cites evidence; the evidence first, so that no record cites what was not kept. */
  async recordWith(kept: KeptEvidence | undefined, entry: AuditEntry): Promise<void> {
    const { order, append } = this.#place(entry);
    await this.#ctx.step(`record ${order}`, async () => {
      if (kept !== undefined) await this.#keep(kept);
      await append();
    });
  }

  async #keep({ digest, evidence }: KeptEvidence): Promise<void> {
    const place = { stack: this.#policy.stack, subject: evidenceSubject(digest), order: EVIDENCE_ORDER };
    await appendRecord(place, { kind: 'evidence', evidence }, Date.now());
  }

  #place(entry: AuditEntry): { readonly order: string; readonly append: () => Promise<void> } {
    this.#places += 1;
    const { incidentId, run } = this.#remediation;
    const order = orderOf(run, this.#places, entry.kind);
    const place = { stack: this.#policy.stack, subject: incidentId, order };
    return { order, append: () => appendRecord(place, entry, Date.now()) };
  }
}
