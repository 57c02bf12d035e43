import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { AuditRecord } from '../../lambdas/core/audit-record.ts';
import type { AwsClients } from '../aws-clients.ts';
import type { LambdaService } from '../lambda/lambda-service.ts';
import { queueUrlOf } from '../queue-url.ts';
import type { SourceMapping } from '../stack/declarations.ts';
import type { Arrivals } from './arrivals.ts';
import { pollQueue } from './poll-queue.ts';
import { pollStream } from './poll-stream.ts';

export interface EventSourcesOptions {
  readonly aws: AwsClients;
  readonly arrivals: Arrivals;
  readonly lambda: LambdaService;
  /** Told of the audit table's records as they appear in its stream. */
  readonly onRecord: (record: AuditRecord) => void;
  readonly problem: (text: string) => void;
}

/** One event source mapping that is polled. */
interface Polled {
  mapping: SourceMapping;
  readonly stopping: AbortController;
  readonly ended: Promise<void>;
}

/** Invokes functions with what their event source mappings bring. */
export class EventSources {
  readonly #options: EventSourcesOptions;
  readonly #polled = new Map<string, Polled>();

  constructor(options: EventSourcesOptions) {
    this.#options = options;
  }

  async start(name: string, mapping: SourceMapping): Promise<void> {
    const { aws } = this.#options;
    const stopping = new AbortController();
    const current = (): SourceMapping => this.#polled.get(name)?.mapping ?? mapping;
    const poll = mapping.sourceArn.includes(':sqs:')
      ? this.#pollQueue(await queueUrlOf(aws.sqs, mapping.sourceArn), current, stopping.signal)
      : this.#pollStream(current, stopping.signal);
    const ended = poll.catch((error: unknown) => {
      if (!stopping.signal.aborted) this.#options.problem(`polling ${mapping.sourceArn}: ${String(error)}`);
    });
    this.#polled.set(name, { mapping, stopping, ended });
  }

  /** Goes on where it is in the source, with another batch size or for another function. */
  change(name: string, mapping: SourceMapping): void {
    const polled = this.#polled.get(name);
    if (polled !== undefined) polled.mapping = mapping;
  }

  /** Resolves when nothing of it runs any more. */
  async stop(name: string): Promise<void> {
    const polled = this.#polled.get(name);
    this.#polled.delete(name);
    polled?.stopping.abort();
    await polled?.ended;
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#polled.keys()].map((name) => this.stop(name)));
  }

  #pollQueue(queueUrl: string, mapping: () => SourceMapping, signal: AbortSignal): Promise<void> {
    const { aws, arrivals, lambda } = this.#options;
    return pollQueue({ sqs: aws.sqs, queueUrl, mapping, arrivals, lambda, signal });
  }

  #pollStream(mapping: () => SourceMapping, signal: AbortSignal): Promise<void> {
    const { aws, arrivals, lambda, onRecord } = this.#options;
    return pollStream({
      streams: aws.streams,
      mapping,
      arrivals,
      lambda,
      signal,
      onChange: ({ eventName, dynamodb }) => {
        if (eventName === 'INSERT') onRecord(JSON.parse(JSON.stringify(unmarshall({ ...dynamodb?.NewImage }))));
      },
    });
  }
}
