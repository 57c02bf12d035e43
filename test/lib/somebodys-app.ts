import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type Stack, Validations } from 'aws-cdk-lib';
import flags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };
import { AwsSolutionsChecks } from 'cdk-nag';
import type { Template } from '../../sandbox/stack/template.ts';

/** An app of somebody else's; its output goes when the tests end. Held against CloudFormation's rules, it takes six times as long. */
export function somebodysApp(options: { readonly heldAgainstCloudFormation?: boolean } = {}): App {
  const outdir = mkdtempSync(join(tmpdir(), 'somebodys-app-'));
  outputs.push(outdir);
  const builtinCloudFormationValidation = options.heldAgainstCloudFormation ?? false;
  return new App({ outdir, context: flags, builtinCloudFormationValidation });
}

const outputs: string[] = [];
afterAll(() => {
  for (const outdir of outputs) rmSync(outdir, { recursive: true });
});

/** The template of a stack of an app, which is synthesized with cdk-nag: a finding throws. */
export function checkedTemplate(app: App, stack: Stack): Template {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  app.synth();
  return JSON.parse(readFileSync(join(app.outdir, stack.templateFile), 'utf8'));
}
