import type { AwsClients } from '../../aws-clients.ts';
import type { FunctionDefinition } from '../../lambda/function-definition.ts';
import type { Deployed } from '../deployed.ts';
import type { Physical } from '../resolver.ts';

/** What making a resource may use. */
export interface Making {
  readonly logicalId: string;
  /** Properties with every intrinsic function resolved. */
  readonly properties: Readonly<Record<string, unknown>>;
  readonly deployed: Deployed;
  readonly aws: AwsClients;
  readonly assetFolder: string;
  /** Functions are registered once all of the template is made: their policies and limits are resources of their own. */
  readonly functions: Map<string, Omit<FunctionDefinition, 'aliases'> & { aliases: string[] }>;
  readonly registerDocument: (name: string, content: unknown) => void;
}

/** Makes one resource of a type. */
export type ResourceMaker = (making: Making) => Promise<Physical> | Physical;
