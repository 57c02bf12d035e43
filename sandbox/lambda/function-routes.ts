import type { AwsAnswer } from '../gateway/aws-call.ts';
import { toConfiguration } from './function-configuration.ts';
import type { InvokeRequest, InvokeResult } from './function-definition.ts';
import type { FunctionRegistry } from './function-registry.ts';
import { invalidParameter, notFound } from './lambda-error.ts';
import { functionArn } from './names.ts';
import { paged, type RestCall, restAnswer } from './rest.ts';

const VERSION = '2015-03-31';
/** Functions, versions or aliases that a list tells of at a time. */
const DEFAULT_PAGE = 50;

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

/** What the routes ask the service to do. */
export interface FunctionRoutesScope {
  readonly registry: FunctionRegistry;
  invoke(request: InvokeRequest): Promise<InvokeResult>;
  /** Removes a function, or one version; @throws LambdaError at once for what AWS would refuse. */
  remove(functionName: string, version?: string): Promise<void>;
}

/** Invoke, and what reads and deletes functions, of the Lambda API. */
export class FunctionRoutes {
  readonly #scope: FunctionRoutesScope;

  constructor(scope: FunctionRoutesScope) {
    this.#scope = scope;
  }

  /** Answers a call under its version of the API; undefined for other calls. */
  async answer(call: RestCall): Promise<AwsAnswer | undefined> {
    const [version, kind, functionName, part = '', alias = ''] = call.segments;
    if (version !== VERSION || kind !== 'functions') return undefined;
    if (functionName === undefined) return call.method === 'GET' ? this.#list(call.query) : undefined;
    const { registry } = this.#scope;
    switch (`${call.method} ${part}`) {
      case 'POST invocations':
        return this.#invocation(call, functionName);
      case 'GET configuration':
        return restAnswer(this.#configuration(functionName, qualifierOf(call)));
      case 'GET ':
        return restAnswer({
          Configuration: this.#configuration(functionName, qualifierOf(call)),
          Code: { RepositoryType: 'S3' },
          Tags: {},
        });
      case 'DELETE ':
        void this.#scope.remove(functionName, qualifierOf(call));
        return { status: 204, headers: {}, body: '' };
      case 'GET versions': {
        const versions = registry.versionsOf(functionName).map(([number]) => number);
        const { page, NextMarker } = paged(call.query, versions, DEFAULT_PAGE);
        return restAnswer({ Versions: page.map((number) => this.#configuration(functionName, number)), NextMarker });
      }
      case 'GET aliases':
        return alias === '' ? this.#aliases(call.query, functionName) : restAnswer(this.#alias(functionName, alias));
      default:
        return undefined;
    }
  }

  #configuration(functionName: string, qualifier?: string): Record<string, unknown> {
    const { registry } = this.#scope;
    const { definition, version, invokedArn } = registry.resolve(functionName, qualifier);
    return toConfiguration(definition, { version, arn: invokedArn, deleting: registry.isDeleting(definition.name) });
  }

  #list(query: URLSearchParams): AwsAnswer {
    const { page, NextMarker } = paged(query, this.#scope.registry.list(), DEFAULT_PAGE);
    return restAnswer({ Functions: page.map(({ name }) => this.#configuration(name)), NextMarker });
  }

  #aliases(query: URLSearchParams, functionName: string): AwsAnswer {
    const version = query.get('FunctionVersion');
    const names = [...this.#scope.registry.aliasesOf(functionName)]
      .filter(([, to]) => version === null || to === version)
      .map(([name]) => name);
    const { page, NextMarker } = paged(query, names, DEFAULT_PAGE);
    return restAnswer({ Aliases: page.map((name) => this.#alias(functionName, name)), NextMarker });
  }

  #alias(functionName: string, alias: string): Record<string, unknown> {
    const { name } = this.#scope.registry.resolve(functionName).definition;
    const FunctionVersion = this.#scope.registry.aliasesOf(functionName).get(alias);
    const AliasArn = functionArn(name, alias);
    if (FunctionVersion === undefined) throw notFound(`Cannot find alias arn: ${AliasArn}`);
    return { AliasArn, Name: alias, FunctionVersion, Description: '' };
  }

  async #invocation(call: RestCall, functionName: string): Promise<AwsAnswer> {
    const qualifier = qualifierOf(call);
    const name = call.headers['x-amz-durable-execution-name'];
    const result = await this.#scope.invoke({
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
