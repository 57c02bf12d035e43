import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import flags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };
import type { Config } from '../../lib/config/config.ts';
import { SelfHealingStack } from '../../lib/self-healing-stack.ts';
import { ACCOUNT, REGION } from '../account.ts';

/** What becomes of a resource that leaves the stack: deleted, kept, or kept unless the very operation that made it failed. */
export type DeletionPolicy = 'Delete' | 'Retain' | 'RetainExceptOnCreate';

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
  /** @default Delete */
  readonly DeletionPolicy?: DeletionPolicy;
  /** The same for a resource that another takes the place of. @default Delete */
  readonly UpdateReplacePolicy?: 'Delete' | 'Retain';
}

/** A synthesized CloudFormation template. */
export interface Template {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>;
}

/** The stack's template, and the folder that holds its assets: it must stay as long as a version of a function does. */
export interface Synthesized {
  readonly stackName: string;
  readonly template: Template;
  readonly assetFolder: string;
}

/**
 * Synthesizes the very stack that `cdk deploy` deploys, with the sandbox's configuration. It is not held against
 * CloudFormation's rules, which takes six times as long as the synthesis: `cdk synth` and a test of `lib` do that.
 */
export function synthesize(config: Config, bundleFolder: string, outputFolder: string): Synthesized {
  const app = new App({ outdir: outputFolder, context: flags, builtinCloudFormationValidation: false });
  const stack = new SelfHealingStack(app, 'SelfHealing', {
    config,
    bundleFolder,
    env: { account: ACCOUNT, region: REGION },
  });
  const assembly = app.synth();
  const { templateFile } = assembly.getStackArtifact(stack.artifactId);
  const template: Template = JSON.parse(readFileSync(join(outputFolder, templateFile), 'utf8'));
  return { stackName: stack.stackName, template, assetFolder: outputFolder };
}
