import {
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type _Record,
} from '@aws-sdk/client-dynamodb-streams';
import { setTimeout as pause } from 'node:timers/promises';
import type { LambdaService } from '../lambda/lambda-service.ts';
import type { SourceMapping } from '../stack/declarations.ts';
import type { Arrivals } from './arrivals.ts';
import { failedIdentifiers } from './batch-response.ts';

/** When a batch that failed is tried again. */
const RETRY_MILLIS = 200;
/** How often a stream is asked where nobody writes to its table. */
const IDLE_MILLIS = 1000;
/** Changes that are remembered as read. */
const REMEMBERED = 1000;

/** Invokes a function with the changes of a table, in their order, as Lambda's event source mapping does, until the signal aborts. */
export async function pollStream(options: {
  readonly streams: DynamoDBStreamsClient;
  /** Asked before each batch. */
  readonly mapping: () => SourceMapping;
  readonly arrivals: Arrivals;
  readonly lambda: LambdaService;
  readonly signal: AbortSignal;
  /** Told of every change before the function is. */
  readonly onChange: (record: _Record) => void;
}): Promise<void> {
  const { streams, mapping, arrivals, lambda, signal, onChange } = options;
  const { sourceArn: streamArn } = mapping();
  const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn: streamArn }));
  const ShardId = StreamDescription?.Shards?.[0]?.ShardId;
  const { ShardIterator } = await streams.send(
    new GetShardIteratorCommand({ StreamArn: streamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
  );
  let iterator = ShardIterator;
  let waiting: _Record[] = [];
  let read: (string | undefined)[] = [];
  const tableName = streamArn.split('/')[1] ?? '';
  while (!signal.aborted && iterator !== undefined) {
    const seen = arrivals.count(tableName);
    const page = await streams.send(new GetRecordsCommand({ ShardIterator: iterator }));
    iterator = page.NextShardIterator;
    // after two writes at the same moment the emulator gives the newest changes again, at every poll
    const fresh = (page.Records ?? []).filter(({ eventID }) => !read.includes(eventID));
    read = [...read, ...fresh.map(({ eventID }) => eventID)].slice(-REMEMBERED);
    for (const record of fresh) onChange(record);
    waiting.push(...fresh);
    while (waiting.length > 0 && !signal.aborted) {
      const { functionArn, batchSize, sourceArn } = mapping();
      const batch = waiting.slice(0, batchSize);
      const done = await deliver(lambda, functionArn, sourceArn, batch);
      waiting = waiting.slice(done);
      if (done < batch.length) break;
    }
    if (waiting.length > 0) await pause(RETRY_MILLIS, undefined, { signal }).catch(() => {});
    else await arrivals.more(tableName, seen, IDLE_MILLIS, signal);
  }
}

/** How many records of the batch, from its start, the function took. */
async function deliver(
  lambda: LambdaService,
  functionArn: string,
  eventSourceARN: string,
  batch: readonly _Record[],
): Promise<number> {
  const Records = batch.map(({ eventID, eventName, dynamodb }) => ({
    eventID,
    eventName,
    eventSource: 'aws:dynamodb',
    eventSourceARN,
    dynamodb,
  }));
  const result = await lambda.invoke({
    functionName: functionArn,
    payload: JSON.stringify({ Records }),
    invocationType: 'RequestResponse',
  });
  const failed = failedIdentifiers(result);
  if (failed === 'all') return 0;
  const first = batch.findIndex(({ dynamodb }) => failed.has(dynamodb?.SequenceNumber ?? ''));
  return first === -1 ? batch.length : first;
}
