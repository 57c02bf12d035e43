import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, type Stage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { type FunctionKey, kebabCase, POLICY_FILE } from '../lambdas/core/names.ts';
import type { Policy } from '../lambdas/core/policy.ts';

/** Where `npm run build` puts the bundles. */
export const BUNDLES = join(import.meta.dirname, '../dist');

/** The bundle of a function with the policy laid beside it; throws where the bundles were not built. */
export function functionCode(scope: Construct, key: FunctionKey, policy: Policy, bundleFolder: string): Code {
  const bundle = join(bundleFolder, kebabCase(key));
  if (!existsSync(join(bundle, 'index.mjs'))) {
    throw new Error(`no bundle at ${bundle}: run "npm run build" first`);
  }
  const staged = join(outputFolder(scope), 'functions', policy.stack, kebabCase(key));
  mkdirSync(staged, { recursive: true });
  cpSync(bundle, staged, { recursive: true });
  writeFileSync(join(staged, POLICY_FILE), `${JSON.stringify(policy, undefined, 2)}\n`);
  return Code.fromAsset(staged);
}

function outputFolder(scope: Construct): string {
  const root: Construct | Stage = App.isApp(scope.node.root) ? scope.node.root : scope;
  return App.isApp(root) ? root.outdir : '.';
}
