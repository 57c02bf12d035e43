import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OrdersStack } from '../../../examples/orders/orders-stack.ts';
import config from '../../../examples/orders/self-healing.config.ts';
import { checkedTemplate, somebodysApp } from '../../lib/somebodys-app.ts';
import { propertiesOf, resourcesOf } from '../../lib/synthesized.ts';

const ORDERS = join(import.meta.dirname, '../../../examples/orders');
const app = somebodysApp({ heldAgainstCloudFormation: true });
const template = checkedTemplate(app, new OrdersStack(app, 'Orders'));
const slices = config.ownRemedies?.slices ?? [];

test('its own remedies have their alarms beside those of the system', () => {
  const alarms = propertiesOf(template, 'AWS::CloudWatch::Alarm')
    .filter(({ AlarmName }) => /-(stale-locks|spool-stuck)$/.test(String(AlarmName)))
    .map((alarm) => [alarm['AlarmName'], alarm['Threshold'], Object(alarm['Metrics'])[0].Expression]);
  expect(alarms).toEqual([
    [
      'orders-healing-stale-locks',
      1,
      'SELECT MAX(orders_old_locks) FROM SCHEMA("SelfHealing", InstanceId, metric_type) GROUP BY InstanceId ORDER BY MAX() DESC',
    ],
    [
      'orders-healing-spool-stuck',
      5,
      'SELECT MAX(orders_stuck) FROM SCHEMA("SelfHealing", InstanceId, metric_type) GROUP BY InstanceId ORDER BY MAX() DESC',
    ],
  ]);
});

test('its own scripts are the documents that may be sent', () => {
  const documents = propertiesOf(template, 'AWS::SSM::Document').map(({ Name }) =>
    String(Name).replace(/[0-9a-f]{12}$/, '…'),
  );
  expect(documents.filter((name) => /locks|spool/.test(name))).toEqual([
    'orders-healing-stale-locks-check-…',
    'orders-healing-stale-locks-repair-…',
    'orders-healing-spool-stuck-check-…',
    'orders-healing-spool-stuck-repair-…',
  ]);
  const [, repair] = propertiesOf(template, 'AWS::SSM::Document').filter(({ Name }) =>
    String(Name).includes('stale-locks'),
  );
  expect(JSON.stringify(repair?.['Content'])).toContain('remove_lock() {');
});

test('the functions run in its VPC, and critical messages go to its topic', () => {
  const [vpc] = resourcesOf(template, 'AWS::EC2::VPC').map(([id]) => id);
  for (const { VpcId } of propertiesOf(template, 'AWS::EC2::SecurityGroup')) expect(VpcId).toEqual({ Ref: vpc });
  const functions = propertiesOf(template, 'AWS::Lambda::Function').filter(
    ({ FunctionName }) => FunctionName !== undefined,
  );
  expect(functions).toHaveLength(9);
  for (const one of functions) expect(one).toHaveProperty('VpcConfig');
  const [oncall] = resourcesOf(template, 'AWS::SNS::Topic').map(([id]) => id);
  expect(oncall).toMatch(/^Oncall/);
  const sender = functions.find(({ FunctionName }) => FunctionName === 'orders-healing-send-sns');
  expect(sender).toMatchObject({ Environment: { Variables: { CRITICAL_TOPIC_ARN: { Ref: oncall } } } });
});

test('it imports what it uses of the system by the name of the package only', () => {
  const sources = readdirSync(ORDERS, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.startsWith('cdk.out'))
    .map((path) => readFileSync(join(ORDERS, path), 'utf8'));
  const imported = sources.flatMap((text) => [...text.matchAll(/from '(.*?)'/g)].map(([, name]) => name ?? ''));
  expect([...new Set(imported)].toSorted()).toEqual([
    './orders-stack.ts',
    './remedies/spool-stuck/remedy.ts',
    './remedies/stale-locks/remedy.ts',
    './self-healing.config.ts',
    'aws-cdk-lib',
    'aws-cdk-lib/aws-ec2',
    'aws-cdk-lib/aws-sns',
    'aws-cdk-lib/recommended-feature-flags.json',
    'constructs',
    'node:path',
    'self-healing-ec2',
  ]);
});

test('the README shows lines of it, which are compiled', () => {
  const readme = readFileSync(join(ORDERS, '../../README.md'), 'utf8');
  const [, section = ''] = readme.split('\n## Use it in your own CDK app\n');
  const [, snippet = ''] = /```ts\n(.*?)```/s.exec(section) ?? [];
  const lines = readFileSync(join(ORDERS, 'orders-stack.ts'), 'utf8')
    .split('\n')
    .map((line) => line.trim());
  const shown = snippet.split('\n').map((line) => line.trim());
  expect(shown).toContain("import config from './self-healing.config.ts';");
  expect(shown.filter((line) => !lines.includes(line))).toEqual([]);
});

describe.each(slices)('its remedy $id', ({ id, parameters }) => {
  const runbook = readFileSync(join(ORDERS, 'remedies', id, 'README.md'), 'utf8');

  test('is a folder of data, scripts, a measurement and a runbook', () => {
    expect(readdirSync(join(ORDERS, 'remedies', id)).toSorted()).toEqual([
      'README.md',
      'break.sh',
      'check.sh',
      'measure.sh',
      'remedy.ts',
      'repair.sh',
    ]);
    expect([...runbook.matchAll(/^#{1,2} .*$/gm)].map(([line]) => line)).toEqual([
      `# ${id}`,
      '## What it does',
      '## When it must not',
      '## How to investigate',
      '## How to resolve by hand',
    ]);
    for (const name of Object.keys(parameters)) expect(runbook).toContain(`\`${name}\``);
  });
});
