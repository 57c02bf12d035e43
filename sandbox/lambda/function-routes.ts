import type { AwsAnswer } from '../gateway/aws-call.ts';
import type { FunctionDefinition, InvokeRequest, InvokeResult } from './function-definition.ts';
import type { FunctionRegistry } from './function-registry.ts';
import { invalidParameter } from './lambda-error.ts';
import { functionArn } from './names.ts';
import { type RestCall, restAnswer } from './rest.ts';

const VERSION = '2015-03-31';

function toConfiguration(definition: FunctionDefinition, version: string, arn: string): Record<string, unknown> {
  const { name, durable } = definition;
  return {
    FunctionName: name,
    FunctionArn: arn,
    Runtime: 'nodejs24.x',
    Role: `arn:aws:iam::123456789012:role/${name}`,
    Handler: definition.handler,
    CodeSize: 0,
    Timeout: definition.timeoutSeconds,
    MemorySize: definition.memoryMebibytes,
    LastModified: '2026-01-01T00:00:00.000+0000',
    Version: version,
    Environment: { Variables: definition.environment },
    State: 'Active',
    LastUpdateStatus: 'Successful',
    PackageType: 'Zip',
    Architectures: ['arm64'],
    DurableConfig: durable && {
      ExecutionTimeout: durable.executionTimeoutSeconds,
      RetentionPeriodInDays: durable.retentionDays,
    },
  };
}

function invocationType(text: string): InvokeRequest['invocationType'] {
  if (text === 'RequestResponse' || text === 'Event' || text === 'DryRun') return text;
  throw invalidParameter(`invocation type '${text}' must be one of RequestResponse, Event, DryRun`);
}

function invokeAnswer(result: InvokeResult): AwsAnswer {
  const { statusCode, functionError, payload, executedVersion, durableExecutionArn } = result;
  return {
    status: statusCode,
    headers: {
      'content-type': 'application/json',
      'x-amz-executed-version': executedVersion,
      ...(functionError === undefined ? {} : { 'x-amz-function-error': functionError }),
      ...(durableExecutionArn === undefined ? {} : { 'x-amz-durable-execution-arn': durableExecutionArn }),
    },
    body: payload,
  };
}

/** Invoke, and what reads functions, of the Lambda API. */
export class FunctionRoutes {
  readonly #registry: FunctionRegistry;
  readonly #invoke: (request: InvokeRequest) => Promise<InvokeResult>;

  constructor(registry: FunctionRegistry, invoke: (request: InvokeRequest) => Promise<InvokeResult>) {
    this.#registry = registry;
    this.#invoke = invoke;
  }

  /** Answers a call under its version of the API; undefined for other calls. */
  async answer(call: RestCall): Promise<AwsAnswer | undefined> {
    const [version, kind, functionName, ...rest] = call.segments;
    if (version !== VERSION || kind !== 'functions') return undefined;
    const action = `${call.method} ${rest.join('/')}`;
    if (functionName === undefined) return call.method === 'GET' ? this.#list() : undefined;
    if (action === 'POST invocations') return this.#invocation(call, functionName);
    const { definition, version: resolved, invokedArn } = this.#registry.resolve(functionName, qualifierOf(call));
    const configuration = toConfiguration(definition, resolved, invokedArn);
    if (action === 'GET configuration') return restAnswer(configuration);
    if (action === 'GET ')
      return restAnswer({ Configuration: configuration, Code: { RepositoryType: 'S3' }, Tags: {} });
    if (action === 'GET aliases') {
      const aliases = definition.aliases.map((Name) => ({
        AliasArn: functionArn(definition.name, Name),
        Name,
        FunctionVersion: '1',
      }));
      return restAnswer({ Aliases: aliases });
    }
    return undefined;
  }

  #list(): AwsAnswer {
    return restAnswer({
      Functions: this.#registry
        .list()
        .map((definition) => toConfiguration(definition, '$LATEST', functionArn(definition.name))),
    });
  }

  async #invocation(call: RestCall, functionName: string): Promise<AwsAnswer> {
    const qualifier = qualifierOf(call);
    const name = call.headers['x-amz-durable-execution-name'];
    const result = await this.#invoke({
      functionName,
      ...(qualifier === undefined ? {} : { qualifier }),
      payload: call.body.toString('utf8'),
      invocationType: invocationType(call.headers['x-amz-invocation-type'] ?? 'RequestResponse'),
      ...(name === undefined ? {} : { durableExecutionName: name }),
    });
    return invokeAnswer(result);
  }
}

function qualifierOf(call: RestCall): string | undefined {
  return call.query.get('Qualifier') ?? undefined;
}
