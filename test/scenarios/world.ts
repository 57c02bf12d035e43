import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuditKind, AuditRecord } from '../../lambdas/core/audit-record.ts';
import { alarmName } from '../../lambdas/core/names.ts';
import { executionName } from '../../lambdas/core/remediation.ts';
import type { Config } from '../../lib/config/config.ts';
import { BUNDLES } from '../../lib/function-code.ts';
import { ACCOUNT, arn, REGION } from '../../sandbox/account.ts';
import { type AwsClients, awsClients, closeClients } from '../../sandbox/aws-clients.ts';
import type { CallRecord } from '../../sandbox/gateway/call-record.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import type { Swept } from '../../lambdas/sweep/sweep.ts';
import { fleetChanges } from './fleet-changes.ts';
import { StateItems } from './state-items.ts';
import { until } from './until.ts';

type RecordOf<K extends AuditKind> = Extract<AuditRecord, { kind: K }>;

export interface WorldOptions {
  readonly instances?: number;
  readonly speed?: number;
  readonly config?: Config;
  /** Whether a person switches the stack on first; default `true`. */
  readonly resumed?: boolean;
  /** Whether alarms are evaluated; if not, only what the scenario itself delivers opens incidents; default `true`. */
  readonly alarms?: boolean;
}

// scripts run in real time, and machines that run tests are busy
jest.setTimeout(180_000);

/** A sandbox as scenarios use it: break, deliver, ask, and wait for what the audit trail says. */
export class World {
  readonly sandbox: Sandbox;
  /** Clients of the test's own, under an access key that is no function's. */
  readonly aws: AwsClients;
  /** The state table's items, to look at and to damage. */
  readonly state: StateItems;
  readonly #folder: string;

  private constructor(sandbox: Sandbox, folder: string) {
    this.sandbox = sandbox;
    this.#folder = folder;
    this.aws = awsClients(sandbox.endpoint, 'AKIATEST');
    const table = [...sandbox.deployed.tables].find(([id]) => id.startsWith('State'))?.[1].name ?? '';
    this.state = new StateItems(DynamoDBDocumentClient.from(this.aws.dynamo), table);
  }

  static async start({
    instances = 1,
    speed = 30,
    config,
    resumed = true,
    alarms = true,
  }: WorldOptions = {}): Promise<World> {
    const folder = mkdtempSync(join(tmpdir(), 'self-healing-test-'));
    const given = config === undefined ? {} : { config };
    const options = { folder, instances, port: 0, speed, bundleFolder: BUNDLES, evaluatesAlarms: alarms, ...given };
    const sandbox = await startSandbox(options).catch((error: unknown) => {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    });
    const world = new World(sandbox, folder);
    if (resumed) await world.ask({ request: 'resume', requestedBy: 'test', reason: 'the scenario starts' });
    return world;
  }

  async stop(): Promise<void> {
    closeClients(this.aws);
    await this.sandbox.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Id of the fleet's n-th instance. */
  instance(place = 0): string {
    const id = [...this.sandbox.fleet.members.keys()][place];
    if (id === undefined) throw new Error(`the world has no instance ${place}`);
    return id;
  }

  /** Makes a slice's fault by its own script. */
  async break(
    sliceId: string,
    instanceId: string,
    environment: Record<string, string> = { SSM_MountPath: '/' },
  ): Promise<void> {
    const remedy = this.sandbox.remedies.find(({ slice }) => slice.id === sliceId);
    if (remedy === undefined) throw new Error(`the world has no remedy ${sliceId}`);
    const script = readFileSync(join(remedy.folder, sliceId, 'break.sh'), 'utf8');
    const { exitCode, stderr } = await this.inside(instanceId, script, environment);
    if (exitCode !== 0) throw new Error(`${sliceId}/break.sh ended ${exitCode}: ${stderr}`);
  }

  /** Runs a bash script inside an instance, as root. */
  async inside(instanceId: string, script: string, environment: Record<string, string> = {}) {
    const limits = { timeoutSeconds: 120, maximumOutputBytes: 32 * 1024 * 1024 };
    return this.member(instanceId).instance.exec({ command: ['bash', '-s'], stdin: script, environment, ...limits });
  }

  /** What a script prints inside an instance; fails where the script does. */
  async look(instanceId: string, script: string): Promise<string> {
    const { exitCode, stdout, stderr } = await this.inside(instanceId, script);
    if (exitCode !== 0) throw new Error(`a script ended ${exitCode} on ${instanceId}: ${stderr}`);
    return stdout.trim();
  }

  /** An instance as SSM sees it. */
  member(instanceId: string) {
    const member = this.sandbox.fleet.members.get(instanceId);
    if (member === undefined) throw new Error(`the world has no instance ${instanceId}`);
    return member;
  }

  /** EventBridge's documented contributor event of one of the stack's alarms, for `deliver`. */
  contributorEvent(
    sliceId: string,
    attributes: Record<string, string>,
    changedAtMillis = this.sandbox.clock.nowMillis(),
  ) {
    const name = alarmName(this.sandbox.stackName, sliceId);
    const timestamp = new Date(changedAtMillis).toISOString().replace('Z', '+0000');
    return {
      version: '0',
      id: '2d4a0f0e-6c1c-4a1f-9d53-0f4c2f3d9a10',
      'detail-type': 'CloudWatch Alarm Contributor State Change',
      source: 'aws.cloudwatch',
      account: ACCOUNT,
      time: timestamp,
      region: REGION,
      resources: [arn('cloudwatch', `alarm:${name}`)],
      detail: {
        alarmName: name,
        alarmContributor: { id: '6d442278dba546f6', attributes },
        state: { value: 'ALARM', reason: 'Threshold Crossed', timestamp },
        configuration: { metrics: [{ id: 'fleet', expression: 'SELECT 1', returnData: true, period: 60 }] },
      },
    };
  }

  /** Delivers an event to `open-incident` as alarms do: asynchronously. */
  async deliver(event: unknown): Promise<void> {
    await this.sandbox.lambda.invoke({
      functionName: `${this.sandbox.stackName}-open-incident:live`,
      payload: typeof event === 'string' ? event : JSON.stringify(event),
      invocationType: 'Event',
    });
  }

  /** What a person's request is answered. */
  ask(request: unknown): Promise<unknown> {
    return this.sandbox.invoke('answerRequest', request);
  }

  /** Records of a kind so far. */
  records<K extends AuditKind>(kind: K): RecordOf<K>[] {
    return this.sandbox.records.filter((record): record is RecordOf<K> => record.kind === kind);
  }

  /** The first record of a kind that fits, written or to be written; fails after real seconds, and says what was written. */
  record<K extends AuditKind>(
    kind: K,
    fits: (record: RecordOf<K>) => boolean = () => true,
    seconds = 100,
  ): Promise<RecordOf<K>> {
    const found = this.records(kind).find(fits);
    if (found !== undefined) return Promise.resolve(found);
    return new Promise((resolve, reject) => {
      const listener = {
        onRecord: (): void => {
          const record = this.records(kind).find(fits);
          if (record === undefined) return;
          end();
          resolve(record);
        },
      };
      const end = (): void => {
        clearTimeout(timer);
        this.sandbox.listeners.delete(listener);
      };
      const timer = setTimeout(() => {
        end();
        const written = this.sandbox.records.map((record) => `${record.subject} ${record.order}`).join('\n');
        reject(new Error(`no record "${kind}" that fits within ${seconds} s; written were:\n${written}`));
      }, seconds * 1000);
      this.sandbox.listeners.add(listener);
    });
  }

  /** Calls of an action that were carried out. */
  calls(action: string): CallRecord[] {
    return this.sandbox.gateway.calls().filter((call) => call.action === action && call.status < 400);
  }

  /** Commands that were sent with a document whose name has this in it, such as `-disk-full-repair-`. */
  commands(documentPart: string): CallRecord[] {
    return this.calls('SendCommand').filter(({ input }) => String(input['DocumentName']).includes(documentPart));
  }

  /** Calls of the stack's functions that would change the fleet, in words. */
  changes(): string[] {
    const keys = new Set([...this.sandbox.deployed.functions.values()].map(({ accessKeyId }) => accessKeyId));
    return fleetChanges(this.sandbox.gateway.calls().filter(({ accessKeyId }) => keys.has(accessKeyId)));
  }

  /** One pass of the sweep, now. */
  async sweep(): Promise<Swept> {
    return JSON.parse(JSON.stringify(await this.sandbox.invoke('sweepIncidents', {})));
  }

  /** Lets an incident's time to be looked at come, sweeps, and waits until what that started has ended. */
  async sweepOver(incidentId: string): Promise<void> {
    const before = await this.state.incident(incidentId);
    await this.state.makeDue(incidentId);
    await this.sweep();
    await this.ended(incidentId, before.run + 1);
  }

  /** Waits until an incident's run has ended, and answers how. */
  async ended(incidentId: string, run: number): Promise<string> {
    const name = executionName({ incidentId, run });
    await until(`execution ${name} ends`, () =>
      this.sandbox.lambda.executions().some((one) => one.name === name && one.endedAtMillis !== undefined),
    );
    await this.caughtUp();
    const { result, status } = await this.sandbox.lambda.closed(name);
    return result === undefined ? status : String(JSON.parse(result));
  }

  /** Waits until every record of the audit table has been seen: the table's stream lags a little. */
  async caughtUp(): Promise<void> {
    const table = [...this.sandbox.deployed.tables].find(([id]) => id.startsWith('Audit'))?.[1].name;
    await until('every record is seen', () => {
      const written = this.calls('PutItem').filter(({ input }) => input['TableName'] === table);
      return this.sandbox.records.length >= written.length;
    });
  }

  /** Events and messages that some function could not take, over all dead-letter queues. */
  async deadLetters(): Promise<number> {
    const urls = [...this.sandbox.deployed.queueUrls.values()].filter((url) => url.includes('DeadLetters'));
    if (urls.length === 0) throw new Error('the stack has no dead-letter queue');
    const counts = await Promise.all(
      urls.map(async (QueueUrl) => {
        const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
        const { Attributes } = await this.aws.sqs.send(
          new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] }),
        );
        return AttributeNames.reduce((sum, name) => sum + Number(Attributes?.[name]), 0);
      }),
    );
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /** Lines that a function logged, parsed. */
  log(functionName: string): Record<string, unknown>[] {
    const path = join(this.#folder, 'logs', `${this.sandbox.stackName}-${functionName}.log`);
    if (!existsSync(path)) return [];
    return readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line));
  }
}
