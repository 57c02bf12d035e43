import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnResource, type Stack } from 'aws-cdk-lib';
import flags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };
import type { Config } from '../../lib/config/config.ts';
import { SelfHealingStack } from '../../lib/self-healing-stack.ts';
import { SANDBOX_CONFIG } from '../../sandbox/default-config.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'self-healing-synth-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Synthesizes as `cdk deploy` does, which throws where the template breaks a rule of CloudFormation. */
const synthesize = (config: Config, change: (stack: Stack) => void = () => {}): void => {
  const app = new App({ outdir: mkdtempSync(join(folder, 'app-')), context: flags });
  change(new SelfHealingStack(app, 'SelfHealing', { config }));
  app.synth();
};

test.each<[string, Config]>([
  ['no setting at all', {}],
  ['what the sandbox deploys', SANDBOX_CONFIG],
  [
    'every setting',
    {
      stackName: 'fleet',
      mode: 'act',
      remedies: {
        'disk-full': {
          mode: 'observe',
          thresholdPercent: 85,
          soakSeconds: 30,
          cooldownSeconds: 0,
          settings: { AgeBy: 'modification' },
        },
        'cpu-saturated': { settings: { SampleSeconds: '1' } },
      },
      expendable: [{ command: 'batch-*' }, { user: 'report' }],
      protected: [{ unit: 'ledger.service' }],
      notifications: {
        criticalEmails: ['critical@example.com'],
        warningEmails: ['warning@example.com'],
        selfAlarmEmails: ['system@example.com'],
      },
      warmUpSeconds: 300,
    },
  ],
])('the template keeps the rules of CloudFormation: %s', (_name, config) => {
  expect(() => synthesize(config)).not.toThrow();
});

test('a template that breaks a rule of CloudFormation is refused', () => {
  const broken = (stack: Stack): void => {
    new CfnResource(stack, 'Broken', { type: 'AWS::SQS::Queue', properties: { VisibilityTimeout: 'soon' } });
  };
  expect(() => synthesize({}, broken)).toThrow(/VisibilityTimeout/);
});
