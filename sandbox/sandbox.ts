import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditRecord } from '../lambdas/core/audit-record.ts';
import { type FunctionKey, kebabCase } from '../lambdas/core/names.ts';
import type { Config } from '../lib/config/config.ts';
import { type LocatedSlice, remediesOf } from '../lib/config/remedies-of.ts';
import { bundleFunctions } from '../tools/bundle-functions.ts';
import { awsClients, closeClients } from './aws-clients.ts';
import { type CloudWatch, createCloudWatch } from './cloudwatch/cloudwatch.ts';
import type { TransitionEvent } from './cloudwatch/transitions.ts';
import { ScaledClock } from './clock.ts';
import { SANDBOX_CONFIG } from './default-config.ts';
import { deliverTransition } from './events/alarm-actions.ts';
import { Arrivals } from './events/arrivals.ts';
import { type Capacity, ec2Route } from './ec2/ec2-route.ts';
import { StatusChecks } from './ec2/status-checks.ts';
import { followCall } from './ec2/follow-call.ts';
import { EventSources } from './events/event-sources.ts';
import { Schedules } from './events/schedules.ts';
import { Fleet } from './fleet.ts';
import { createGateway, type Gateway } from './gateway/gateway.ts';
import { startMoto } from './gateway/moto.ts';
import { createLambdaService, type LambdaService } from './lambda/lambda-service.ts';
import { InstanceMetadata } from './instance-metadata.ts';
import { measurementsOf } from '../lib/kept/measurements.ts';
import { startAgents } from './metrics-agent.ts';
import { outputsOf } from './outputs.ts';
import { createSsmRoute, type SsmRoute } from './ssm/create-ssm-route.ts';
import type { Deployed } from './stack/deployed.ts';
import { SandboxStack } from './stack/stack.ts';
import { synthesize } from './stack/template.ts';
import { embeddedMetrics } from './service-metrics/embedded-metrics.ts';
import { invocationMetrics } from './service-metrics/function-metrics.ts';
import { putEachMinute } from './service-metrics/put-each-minute.ts';
import { Subscriber } from './subscriber.ts';

export interface SandboxOptions {
  /** Where everything of this run lies; emptied first. */
  readonly folder: string;
  readonly instances: number;
  /** Port of the AWS endpoint; 0 takes any free one. */
  readonly port: number;
  /** How much faster than real time alarm periods, waits and soaks run. */
  readonly speed: number;
  /** @default SANDBOX_CONFIG */
  readonly config?: Config;
  /** Whether alarms are evaluated, each minute of the clock. @default true */
  readonly evaluatesAlarms?: boolean;
  /** Folder of bundles that are built already. @default they are built into `folder` */
  readonly bundleFolder?: string;
}

/** What the sandbox tells as it happens. */
export interface SandboxListener {
  onRecord?(record: AuditRecord): void;
  onTransition?(event: TransitionEvent): void;
  onProblem?(problem: string): void;
}

/** The whole system on one machine. */
export interface Sandbox {
  readonly endpoint: string;
  readonly clock: ScaledClock;
  readonly gateway: Gateway;
  readonly lambda: LambdaService;
  readonly ssm: SsmRoute;
  readonly cloudWatch: CloudWatch;
  readonly fleet: Fleet;
  /** EC2's status checks of its instances, to make them fail. */
  readonly statusChecks: StatusChecks;
  readonly capacity: Capacity;
  /** The stack of the configuration; deployed again, it is updated as CloudFormation would. */
  readonly stack: SandboxStack;
  /** What that stack is made of now. */
  readonly deployed: Deployed;
  readonly subscriber: Subscriber;
  readonly stackName: string;
  /** Every remedy of its configuration. */
  readonly remedies: readonly LocatedSlice[];
  /** Every audit record so far, in the order in which it was written. */
  readonly records: readonly AuditRecord[];
  readonly listeners: Set<SandboxListener>;
  /** While `lost`, what CloudWatch sends out reaches nobody; may be changed at any time. */
  readonly alarmEvents: { lost: boolean };
  /** Another stack in the same account, without anything in it yet. */
  newStack(): SandboxStack;
  /** Invokes one of the stack's functions as a person would, and gives back its parsed answer. */
  invoke(key: FunctionKey, payload: unknown): Promise<unknown>;
  stop(): Promise<void>;
}

/** Access key of the sandbox's own calls, which are no function's. */
const OWN_KEY = 'AKIASANDBOX';

/** Brings the system up: emulated AWS, the stack's resources from its template, the fleet, the agents. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { folder, speed } = options;
  const config = options.config ?? SANDBOX_CONFIG;
  const stackName = config.stackName ?? 'self-healing';
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'logs'), { recursive: true });
  const clock = new ScaledClock(speed);
  const listeners = new Set<SandboxListener>();
  let ended = false;
  const problem = (text: string): void => {
    // what the sandbox's end cuts short is nobody's problem, and its folder may be gone
    if (ended) return;
    appendFileSync(join(folder, 'logs', 'problems.log'), `${text}\n`);
    for (const listener of listeners) listener.onProblem?.(text);
  };
  const ending: (() => Promise<void> | void)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of ending.splice(0).reverse()) await end();
    ended = true;
  };
  try {
    const bundleFolder = options.bundleFolder ?? join(folder, 'bundles');
    const bundled = options.bundleFolder === undefined ? bundleFunctions(bundleFolder) : undefined;
    const [moto] = await Promise.all([startMoto({ folder: join(folder, 'logs') }), bundled]);
    ending.push(() => moto.stop());
    const gateway = await createGateway({ port: options.port, motoEndpoint: moto.endpoint, clock });
    ending.push(() => gateway.stop());
    const aws = awsClients(gateway.endpoint, OWN_KEY);
    ending.push(() => closeClients(aws));
    const lambda = createLambdaService({
      clock,
      endpoint: () => gateway.endpoint,
      onLog: (name, line) => {
        appendFileSync(join(folder, 'logs', `${name}.log`), `${line}\n`);
        cloudWatch.store.putAll(embeddedMetrics(line));
      },
      onInvocation: (end) => cloudWatch.store.putAll(invocationMetrics(end)),
    });
    ending.push(() => lambda.stop());
    const stacks: SandboxStack[] = [];
    const alarmEvents = { lost: false };
    const cloudWatch = createCloudWatch({
      clock,
      aws: { endpoint: moto.endpoint },
      onTransition: (event) => {
        for (const listener of listeners) listener.onTransition?.(event);
        if (alarmEvents.lost) return;
        deliverTransition(
          event,
          stacks.map(({ deployed }) => deployed),
          lambda,
          problem,
        );
      },
      onProblem: problem,
      runsOnClock: (accessKeyId) =>
        stacks.some(({ deployed }) => [...deployed.functions.values()].some((one) => one.accessKeyId === accessKeyId)),
    });
    ending.push(() => cloudWatch.stop());
    const behind = awsClients(moto.endpoint, OWN_KEY);
    ending.push(() => closeClients(behind));
    const statusChecks = new StatusChecks(() => clock.nowMillis());
    const capacity: Capacity = { lacking: false };
    const fleet = new Fleet({
      ec2: aws.ec2,
      folder: join(folder, 'instances'),
      stackName,
      // instances count as launched an hour ago, so that nothing has to wait for their warm-up
      setLaunchTime: (id) => gateway.launchTimes.set(id, new Date(clock.nowMillis() - 3_600_000)),
      onStarted: (id) => statusChecks.started(id),
    });
    const metadata = new InstanceMetadata((id) => fleet.shownTagsOf(id));
    const ssm = createSsmRoute({
      instances: fleet.members,
      clock,
      instanceTags: (id) => fleet.tagsOf(id),
      metadataEndpoint: (instance) => metadata.endpointOf(instance),
      onProblem: problem,
    });
    ending.push(
      () => ssm.stop(),
      () => metadata.stop(),
      () => fleet.stop(),
    );
    gateway.use('lambda', lambda.route);
    gateway.use('ssm', ssm.route);
    gateway.use('monitoring', cloudWatch.route);
    gateway.use('ec2', ec2Route(behind.ec2, statusChecks, capacity));
    gateway.onAnswered((call) => {
      const following = followCall(call, fleet, statusChecks);
      following.catch((error: unknown) => problem(`following EC2: ${String(error)}`));
    });

    const records: AuditRecord[] = [];
    const onRecord = (record: AuditRecord): void => {
      records.push(record);
      for (const listener of listeners) listener.onRecord?.(record);
    };
    const arrivals = new Arrivals();
    gateway.onAnswered((call) => arrivals.note(call));
    const sources = new EventSources({ aws, arrivals, lambda, onRecord, problem });
    const schedules = new Schedules(clock, lambda, problem);
    ending.push(
      () => sources.stopAll(),
      () => schedules.stopAll(),
    );
    const newStack = (): SandboxStack => {
      const made = new SandboxStack({ aws, clock, lambda, ssm, sources, schedules });
      stacks.push(made);
      return made;
    };
    const stack = newStack();
    await stack.deploy(synthesize(config, bundleFolder, join(folder, 'cdk.out')));
    const subscriber = new Subscriber();
    await subscriber.subscribe(aws.sns, stack.deployed.topics.values());
    ending.push(() => subscriber.stop());
    await fleet.launch(options.instances);
    const remedies = remediesOf(config);
    const running = () => [...fleet.members].filter(([, { instance }]) => instance.running).map(([id]) => id);
    const { store } = cloudWatch;
    ending.push(
      putEachMinute({ clock, store, sqs: behind.sqs, lambda, checks: statusChecks, running, onProblem: problem }),
    );
    ending.push(startAgents(fleet, clock, gateway.endpoint, measurementsOf(remedies, config), problem));
    if (options.evaluatesAlarms ?? true) ending.push(cloudWatch.start());

    const functionName = (key: FunctionKey): string => `${stackName}-${kebabCase(key)}`;
    writeFileSync(
      join(folder, 'outputs.json'),
      `${JSON.stringify(outputsOf(gateway.endpoint, fleet, stack.deployed, functionName), undefined, 2)}\n`,
    );
    return {
      endpoint: gateway.endpoint,
      clock,
      gateway,
      lambda,
      ssm,
      cloudWatch,
      fleet,
      statusChecks,
      capacity,
      stack,
      get deployed() {
        return stack.deployed;
      },
      subscriber,
      newStack,
      alarmEvents,
      stackName,
      remedies,
      records,
      listeners,
      stop,
      invoke: async (key, payload) => {
        const answer = await lambda.invoke({
          functionName: `${functionName(key)}:live`,
          payload: JSON.stringify(payload),
          invocationType: 'RequestResponse',
        });
        return answer.payload === '' ? undefined : JSON.parse(answer.payload);
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
