import type { AwsAnswer } from '../../gateway/aws-call.ts';
import type { FunctionRegistry } from '../function-registry.ts';
import { invalidParameter } from '../lambda-error.ts';
import { jsonBody, paged, type RestCall, restAnswer } from '../rest.ts';
import type { DurableExecutions } from './durable-executions.ts';
import { toDescription, toListEntry } from './execution-view.ts';
import { epochSeconds } from './operation.ts';
import { errorObject, parseCheckpointRequest } from './update.ts';

const VERSION = '2025-12-01';

/** Executions that ListDurableExecutionsByFunction tells of at a time. */
const DEFAULT_PAGE = 100;

/** A time of the query as epoch milliseconds. @throws InvalidParameterValueException for what is no time */
function moment(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const millis = Date.parse(text);
  if (Number.isNaN(millis)) throw invalidParameter(`${name} '${text}' is not a time in ISO 8601`);
  return millis;
}

function readError(body: Buffer) {
  const parsed = errorObject.safeParse(jsonBody(body));
  if (!parsed.success)
    throw invalidParameter('error must be an object of ErrorMessage, ErrorType, ErrorData and StackTrace');
  return parsed.data;
}

/** The durable part of the Lambda API: checkpoints, state, callbacks, and reading and stopping executions. */
export class DurableRoutes {
  readonly #executions: DurableExecutions;
  readonly #registry: FunctionRegistry;

  constructor(executions: DurableExecutions, registry: FunctionRegistry) {
    this.#executions = executions;
    this.#registry = registry;
  }

  /** Answers a call under its version of the API; undefined for other calls. */
  async answer(call: RestCall): Promise<AwsAnswer | undefined> {
    const [version, kind, ...rest] = call.segments;
    if (version !== VERSION) return undefined;
    if (kind === 'durable-execution-callbacks') return this.#callback(call, rest);
    if (kind === 'functions' && rest[1] === 'durable-executions' && call.method === 'GET')
      return this.#list(call, rest[0] ?? '');
    if (kind !== 'durable-executions') return undefined;
    // An ARN holds slashes; some clients encode them, some do not.
    const verb =
      rest.length > 1 && /^(checkpoint|state|history|stop)$/.test(rest.at(-1) ?? '') ? (rest.at(-1) ?? '') : '';
    const arn = (verb === '' ? rest : rest.slice(0, -1)).join('/');
    return this.#execution(call, `${call.method} ${verb}`, arn);
  }

  async #execution({ body, query }: RestCall, action: string, arn: string): Promise<AwsAnswer | undefined> {
    const execution = this.#executions.find(arn);
    switch (action) {
      case 'POST checkpoint':
        return restAnswer(await execution.checkpoint(parseCheckpointRequest(jsonBody(body))));
      case 'GET state': {
        const most = query.get('MaxItems');
        const token = query.get('CheckpointToken') ?? '';
        return restAnswer(execution.state(token, query.get('Marker') ?? '0', most === null ? undefined : Number(most)));
      }
      case 'GET history': {
        const events = execution.history.events(query.get('IncludeExecutionData') === 'true');
        return restAnswer({ Events: query.get('ReverseOrder') === 'true' ? events.reverse() : events });
      }
      case 'POST stop':
        execution.close({ status: 'STOPPED', error: readError(body) });
        return restAnswer({ StopTimestamp: epochSeconds(execution.endedAtMillis ?? 0) });
      case 'GET ':
        return restAnswer(toDescription(execution, query.get('IncludeExecutionData') !== 'false'));
      default:
        return undefined;
    }
  }

  #callback({ method, body }: RestCall, rest: readonly string[]): AwsAnswer | undefined {
    // Base64 holds slashes; some clients encode them, some do not.
    const callbackId = rest.slice(0, -1).join('/');
    if (method !== 'POST') return undefined;
    if (rest.at(-1) === 'succeed') this.#executions.succeedCallback(callbackId, body.toString('utf8'));
    else if (rest.at(-1) === 'fail') this.#executions.failCallback(callbackId, readError(body));
    else if (rest.at(-1) === 'heartbeat') this.#executions.heartbeatCallback(callbackId);
    else return undefined;
    return restAnswer({});
  }

  #list({ query }: RestCall, functionName: string): AwsAnswer {
    const { definition, version, qualifier } = this.#registry.resolve(
      functionName,
      query.get('Qualifier') ?? undefined,
    );
    const name = query.get('DurableExecutionName');
    const states = query.getAll('Statuses');
    const startedAfter = moment(query, 'StartedAfter') ?? -Infinity;
    const startedBefore = moment(query, 'StartedBefore') ?? Infinity;
    // without a qualifier: of all versions
    const found = this.#executions
      .of(definition.name, qualifier === undefined ? undefined : version)
      .filter(
        ({ start, status, startedAtMillis }) =>
          (name === null || start.name === name) &&
          (states.length === 0 || states.includes(status)) &&
          startedAtMillis > startedAfter &&
          startedAtMillis < startedBefore,
      );
    // the newest first, unless the caller asks for the reverse
    const inOrder = query.get('ReverseOrder') === 'true' ? found : found.reverse();
    const { page, NextMarker } = paged(query, inOrder, DEFAULT_PAGE);
    return restAnswer({ DurableExecutions: page.map(toListEntry), NextMarker });
  }
}
