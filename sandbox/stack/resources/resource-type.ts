import { randomBytes } from 'node:crypto';
import type { AwsClients } from '../../aws-clients.ts';
import type { ScaledClock } from '../../clock.ts';
import type { EventSources } from '../../events/event-sources.ts';
import type { Schedules } from '../../events/schedules.ts';
import type { LambdaService } from '../../lambda/lambda-service.ts';
import type { SsmRoute } from '../../ssm/create-ssm-route.ts';
import type { Physical } from '../resolver.ts';

/** What resources are made of: the emulated account's services. */
export interface Services {
  readonly aws: AwsClients;
  readonly clock: ScaledClock;
  readonly lambda: LambdaService;
  readonly ssm: Pick<SsmRoute, 'associations' | 'createDocument' | 'deleteDocument' | 'tagDocument'>;
  readonly sources: EventSources;
  readonly schedules: Schedules;
}

/** A resource as its type sees it. */
export interface ResourceContext {
  readonly logicalId: string;
  readonly stackName: string;
  /** Properties with every intrinsic function resolved. */
  readonly properties: Readonly<Record<string, unknown>>;
  readonly assetFolder: string;
  readonly services: Services;
}

/** How resources of one type are made, changed and removed. */
export interface ResourceType {
  /**
   * Properties whose change means another resource, as AWS documents them; with a `?` those that may change but neither come
   * nor go; `all` where nothing can be changed.
   */
  readonly replacedBy: readonly string[] | 'all';
  /** The property by which a template names such a resource itself: under the same name it cannot be replaced. */
  readonly nameProperty?: string;
  create(context: ResourceContext): Promise<Physical> | Physical;
  /** Absent: a change of other properties is an error here, never skipped. */
  update?(context: ResourceContext, current: Physical): Promise<Physical> | Physical;
  remove(context: ResourceContext, current: Physical): Promise<void> | void;
}

const SUFFIX_LENGTH = 12;
const LONGEST_NAME = 80;

/** The name that CloudFormation generates where a template gives none. */
export function generatedName({ stackName, logicalId }: Pick<ResourceContext, 'stackName' | 'logicalId'>): string {
  const suffix = randomBytes(SUFFIX_LENGTH / 2)
    .toString('hex')
    .toUpperCase();
  return `${`${stackName}-${logicalId}`.slice(0, LONGEST_NAME - SUFFIX_LENGTH - 1)}-${suffix}`;
}
