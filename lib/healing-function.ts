import { ArnFormat, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Effect, Policy as IamPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, Architecture, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { type FunctionKey, functionName, LIVE_ALIAS } from '../lambdas/core/names.ts';
import type { Policy } from '../lambdas/core/policy.ts';
import { acknowledgeWildcard } from './acknowledge-wildcard.ts';
import { functionCode } from './function-code.ts';
import { allowNetworkInterfaces, type Network, networkOptions } from './network.ts';

export interface HealingFunctionProps {
  readonly key: FunctionKey;
  readonly policy: Policy;
  /** Folder of the bundles. */
  readonly bundleFolder: string;
  readonly timeout: Duration;
  /** @default in no VPC */
  readonly network?: Network;
  /** Makes the function durable. @default not durable */
  readonly durableExecutionTimeout?: Duration;
}

/** What a statement of a role allows. */
interface Allowed {
  readonly actions: string[];
  readonly resources: string[];
  readonly conditions?: Record<string, unknown>;
}

/** How long a durable execution's history is kept, and its name refused to others. */
const RETENTION = Duration.days(30);

/** One function with its own role, log group, dead-letter queue and `live` alias. */
export class HealingFunction extends Construct {
  /** Its name, known at synth. */
  readonly functionName: string;
  readonly durable: boolean;
  readonly live: Alias;
  readonly deadLetters: Queue;
  readonly #function: LambdaFunction;
  readonly #role: Role;

  constructor(scope: Construct, id: string, props: HealingFunctionProps) {
    super(scope, id);
    const { key, policy } = props;
    const name = functionName(policy.stack, key);
    this.functionName = name;
    this.durable = props.durableExecutionTimeout !== undefined;
    const logGroup = new LogGroup(this, 'Log', {
      logGroupName: `/aws/lambda/${name}`,
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.#role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.#role.addToPolicy(
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
    );
    this.deadLetters = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    Validations.of(this).acknowledge({
      id: 'Annotation::aws-lambda:Function.DurableConfig',
      reason: 'durable from the first deployment on: nothing is replaced',
    });
    this.#function = new LambdaFunction(this, 'Function', {
      functionName: name,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: functionCode(this, key, policy, props.bundleFolder),
      handler: 'index.handler',
      memorySize: 512,
      timeout: props.timeout,
      role: this.#role,
      logGroup,
      tracing: Tracing.DISABLED,
      deadLetterQueue: this.deadLetters,
      retryAttempts: 2,
      environment: { NODE_OPTIONS: '--enable-source-maps' },
      ...networkOptions(props.network),
      ...(props.durableExecutionTimeout === undefined
        ? {}
        : { durableConfig: { executionTimeout: props.durableExecutionTimeout, retentionPeriod: RETENTION } }),
    });
    if (props.network !== undefined) allowNetworkInterfaces(this, this.#role, name);
    if (this.durable) this.#allowCheckpoints(name);
    // an execution in flight is pinned to its version: one that is replaced stays; one whose own deployment failed goes, since
    // it would keep the same content from being deployed again
    this.#function.currentVersion.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    this.live = new Alias(this, 'Live', { aliasName: LIVE_ALIAS, version: this.#function.currentVersion });
  }

  /** Adds one statement to the function's own role. */
  allow(statement: Allowed): this {
    this.#role.addToPolicy(new PolicyStatement({ effect: Effect.ALLOW, ...statement }));
    return this;
  }

  /**
   * Adds statements to the function's own role as a policy of their own, before anything goes live. Under another id it is
   * another policy: CloudFormation takes the former away only when all else of a deployment is done.
   */
  allowApart(id: string, statements: readonly Allowed[]): this {
    const policy = new IamPolicy(this, id, {
      roles: [this.#role],
      statements: statements.map((statement) => new PolicyStatement({ effect: Effect.ALLOW, ...statement })),
    });
    this.live.node.addDependency(policy);
    return this;
  }

  /** Sets one of the function's environment variables. */
  setVariable(name: string, value: string): this {
    this.#function.addEnvironment(name, value);
    return this;
  }

  /** What AWS's managed policy for durable functions grants, for this function only. */
  #allowCheckpoints(name: string): void {
    const resource = Stack.of(this).formatArn({
      service: 'lambda',
      resource: 'function',
      resourceName: `${name}:*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    this.allow({
      actions: ['lambda:CheckpointDurableExecution', 'lambda:GetDurableExecutionState'],
      resources: [resource],
    });
    acknowledgeWildcard(
      this,
      resource,
      'the versions and executions of this one function; an unqualified ARN never matches them',
    );
  }
}
