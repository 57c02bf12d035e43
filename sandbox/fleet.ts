import {
  DescribeInstancesCommand,
  type EC2Client,
  type Instance,
  RunInstancesCommand,
  type Tag,
} from '@aws-sdk/client-ec2';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { OPT_IN_TAG } from '../lambdas/core/names.ts';
import { agentConfiguration } from '../lib/agent/agent-document.ts';
import { configureAgent } from './agent/install-agent.ts';
import { bootInstance } from './instance/boot-instance.ts';
import type { SandboxInstance } from './instance/instance.ts';

/** An agent of the newest version that the functions accept, as the instances report it. */
const AGENT_VERSION = '3.3.3572.0';

/** The CloudWatch agent that an instance's image brings: none, or one that runs by a configuration of that file name. */
export type ImageAgent = 'none' | { readonly name: string; readonly configuration: string };

/** It takes what remedies measure, as where the configuration says `keep.measurements`. */
const OURS: ImageAgent = { name: 'self-healing.json', configuration: agentConfiguration(18_125) };

/** An instance of the fleet as SSM sees it. */
export interface FleetMember {
  instance: SandboxInstance;
  online: boolean;
  /** Of its SSM agent. */
  agentVersion: string;
}

/** How instances are launched, where nothing else is said: opted in, with our agent, and showing their tags. */
export interface LaunchOptions {
  readonly cloudWatchAgent?: ImageAgent;
  /** Whether an instance finds its tags in its metadata. */
  readonly showsTags?: boolean;
}

export interface FleetOptions {
  readonly ec2: EC2Client;
  readonly folder: string;
  readonly stackName: string;
  /** Told when an instance counts as launched. */
  readonly setLaunchTime: (instanceId: string) => void;
  /** Told when an instance that was stopped runs again. */
  readonly onStarted?: (instanceId: string) => void;
}

/** The sandbox's instances: known to the emulated EC2, and running as Linux namespaces. */
export class Fleet {
  readonly members = new Map<string, FleetMember>();
  readonly #options: FleetOptions;
  readonly #images = new Map<string, ImageAgent>();
  #turn: Promise<void> = Promise.resolve();

  constructor(options: FleetOptions) {
    this.#options = options;
  }

  /** Launches instances, opted in unless `tags` says otherwise. */
  async launch(
    count: number,
    tags: Readonly<Record<string, string>> = { [OPT_IN_TAG]: this.#options.stackName },
    { cloudWatchAgent = OURS, showsTags = true }: LaunchOptions = {},
  ): Promise<string[]> {
    if (count === 0) return [];
    const Tags: Tag[] = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    const { Instances } = await this.#options.ec2.send(
      new RunInstancesCommand({
        ImageId: 'ami-0c02fb55956c7d316',
        InstanceType: 't3.micro',
        MinCount: count,
        MaxCount: count,
        TagSpecifications: [{ ResourceType: 'instance', Tags }],
        MetadataOptions: { InstanceMetadataTags: showsTags ? 'enabled' : 'disabled' },
      }),
    );
    const ids = (Instances ?? []).flatMap(({ InstanceId }) => (InstanceId === undefined ? [] : [InstanceId]));
    for (const id of ids) this.#images.set(id, cloudWatchAgent);
    await Promise.all(ids.map((id, place) => this.#boot(id, `web-${this.members.size + place + 1}`)));
    return ids;
  }

  async #boot(instanceId: string, hostname: string): Promise<void> {
    const folder = join(this.#options.folder, instanceId);
    await mkdir(folder, { recursive: true });
    const disksArchive = this.#disksOf(instanceId);
    const kept = existsSync(disksArchive);
    const instance = await bootInstance({
      instanceId,
      hostname,
      folder,
      vcpus: 1,
      memoryMebibytes: 256,
      rootDiskMebibytes: 300,
      dataDiskMebibytes: 200,
      ...(kept ? { disksArchive } : {}),
    });
    const agent = this.#images.get(instanceId) ?? OURS;
    if (agent !== 'none' && !kept) await configureAgent(instance, agent.name, agent.configuration);
    this.#options.setLaunchTime(instanceId);
    this.members.set(instanceId, { instance, online: true, agentVersion: AGENT_VERSION });
  }

  /**
   * Makes the namespaces follow what a client did to the emulated EC2: stop, start, terminate; and those that a group launched
   * appear. One at a time: a start that comes while a stop is under way finds the instance stopped.
   */
  follow(): Promise<void> {
    return this.#inTurn(async () => {
      const { Reservations } = await this.#options.ec2.send(new DescribeInstancesCommand({}));
      for (const instance of (Reservations ?? []).flatMap(({ Instances }) => Instances ?? [])) {
        await this.#followOne(instance);
      }
    });
  }

  /** Ends all that runs on an instance, and boots it again from its disks. */
  reboot(instanceId: string): Promise<void> {
    return this.#inTurn(async () => {
      const member = this.members.get(instanceId);
      if (member?.instance.running !== true) return;
      await this.#powerOff(member);
      await this.#boot(instanceId, hostnameOf(instanceId));
    });
  }

  async #followOne({ InstanceId, State, Tags }: Instance): Promise<void> {
    if (InstanceId === undefined) return;
    const member = this.members.get(InstanceId);
    const launchedByGroup = Tags?.some(({ Key }) => Key === 'aws:autoscaling:groupName') === true;
    if (State?.Name === 'running') {
      if (member === undefined ? launchedByGroup : !member.instance.running) {
        await this.#boot(InstanceId, hostnameOf(InstanceId));
        if (member !== undefined) this.#options.onStarted?.(InstanceId);
      }
    } else if (member?.instance.running === true) {
      if (State?.Name === 'terminated') await member.instance.stop();
      else await this.#powerOff(member);
      member.online = false;
    }
  }

  async #powerOff({ instance }: FleetMember): Promise<void> {
    await instance.stop(this.#disksOf(instance.instanceId));
  }

  #disksOf(instanceId: string): string {
    return join(this.#options.folder, `${instanceId}.disks`);
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async tagsOf(instanceId: string): Promise<Record<string, string>> {
    const tags = (await this.#describe(instanceId))?.Tags ?? [];
    return Object.fromEntries(tags.map(({ Key, Value }) => [Key ?? '', Value ?? '']));
  }

  /** An instance's tags as it finds them in its metadata; `undefined` where it is not shown them. */
  async shownTagsOf(instanceId: string): Promise<Record<string, string> | undefined> {
    const options = (await this.#describe(instanceId))?.MetadataOptions;
    return options?.InstanceMetadataTags === 'enabled' ? this.tagsOf(instanceId) : undefined;
  }

  async #describe(instanceId: string): Promise<Instance | undefined> {
    const { Reservations } = await this.#options.ec2.send(new DescribeInstancesCommand({ InstanceIds: [instanceId] }));
    return Reservations?.[0]?.Instances?.[0];
  }

  async stop(): Promise<void> {
    await Promise.all([...this.members.values()].map(({ instance }) => instance.stop()));
  }
}

function hostnameOf(instanceId: string): string {
  return `web-${instanceId.slice(-4)}`;
}
