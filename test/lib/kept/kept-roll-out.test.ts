import orders from '../../../examples/orders/self-healing.config.ts';
import type { Config } from '../../../lib/config/config.ts';
import { listOf, recordOf } from '../../../sandbox/stack/properties.ts';
import { propertiesOf, resourcesOf, statementsByFunction, synthesized } from '../synthesized.ts';
import { FIRST } from './kept-instance.ts';

const all: Config = {
  stackName: 'fleet',
  ownRemedies: orders.ownRemedies,
  agent: { mode: 'install', first: FIRST },
  keep: { first: FIRST, measurements: { port: 18_125 }, ballast: { mebibytes: 256 } },
  services: [{ unit: 'orders.service', restartsOnHost: true }, { unit: 'ledger.service' }],
};
const template = synthesized(all);
const associations = resourcesOf(template, 'AWS::SSM::Association').filter(([id]) => id.startsWith('Kept'));
const [documentId, document] =
  resourcesOf(template, 'AWS::SSM::Document').find(([id]) => id.startsWith('KeptDocument')) ?? [];

test('a deployment keeps nothing on any instance by default', () => {
  const without = synthesized({ stackName: 'fleet', services: [{ unit: 'orders.service' }] });
  expect(resourcesOf(without, 'AWS::SSM::Association')).toEqual([]);
  expect(JSON.stringify(without)).not.toContain('MustKeep');
});

test('S10: it is kept on one instance first, which must be changed, and stops the deployment where it fails there', () => {
  expect(associations[0]?.[1].Properties).toEqual({
    AssociationName: 'fleet-keep-first',
    Name: { Ref: documentId },
    Parameters: { MustKeep: ['yes'] },
    Targets: [{ Key: 'InstanceIds', Values: [FIRST] }],
    WaitForSuccessTimeoutSeconds: 900,
  });
});

test('S10: then on those that are opted in to this stack, few at once, until too many failed', () => {
  expect(associations[1]?.[1]).toEqual({
    Type: 'AWS::SSM::Association',
    DependsOn: [associations[0]?.[0]],
    Properties: {
      AssociationName: 'fleet-keep-fleet',
      Name: { Ref: documentId },
      Parameters: { MustKeep: ['no'] },
      Targets: [{ Key: 'tag:self-healing:stack', Values: ['fleet'] }],
      MaxConcurrency: '10%',
      MaxErrors: '1',
      ScheduleExpression: 'rate(1 day)',
    },
  });
  expect(associations).toHaveLength(2);
});

test('it needs no permission: no role may more than without it', () => {
  const { keep: _keep, ...rest } = all;
  const without = synthesized({ ...rest, services: [] });
  expect(statementsByFunction(template)).toEqual(statementsByFunction(without));
});

describe('its document', () => {
  const content = recordOf(document?.Properties?.['Content']);
  const script = listOf(recordOf(recordOf(listOf(content['mainSteps'])[0])['inputs'])['runCommand']).join('\n');

  test('S14: its parameter reaches the script as environment, and nothing is spliced into it', () => {
    expect(content['parameters']).toMatchObject({
      MustKeep: { type: 'String', interpolationType: 'ENV_VAR', allowedPattern: '^(yes|no)$', default: 'no' },
    });
    expect(script).not.toContain('{{');
  });

  test('holds less than 64 KB, as SSM demands', () => {
    expect(Buffer.byteLength(JSON.stringify(content))).toBeLessThan(65_536);
  });

  test('names what is measured, and only the units that shall be restarted', () => {
    expect(script).toMatch(
      /\nport 18125\n(\w+ \S+\n)*inodes_used_percent path\n(\w+ \S+\n)*orders_old_locks -\norders_stuck -\nservice_restarts service'\n/,
    );
    expect(script).toContain("\nrestarting=('orders.service')\n");
    expect(script).toContain("\nfull_at_percent='90'\n");
  });
});

describe('the alarms on what systemd restarts by itself', () => {
  const names = (config: Config) =>
    propertiesOf(synthesized(config), 'AWS::CloudWatch::Alarm')
      .map(({ AlarmName }) => String(AlarmName))
      .filter((name) => name.includes('restarted'));

  test('are there where services are restarted on the host, and reach the same function as the others', () => {
    expect(names(all)).toEqual(['fleet-restarted-on-host', 'fleet-restarted-again']);
    const rules = JSON.stringify(propertiesOf(template, 'AWS::Events::Rule'));
    expect(rules).toContain('"fleet-restarted-on-host","fleet-restarted-again"');
  });

  test('and only there', () => {
    expect(names({ stackName: 'fleet', services: [{ unit: 'orders.service' }] })).toEqual([]);
  });
});

describe("the agent's configuration", () => {
  const told = (config: Config) =>
    JSON.stringify(
      propertiesOf(synthesized(config), 'AWS::SSM::Document').filter(({ Name }) =>
        String(Name).startsWith('fleet-agent'),
      ),
    );

  test('takes what is measured, on loopback alone', () => {
    expect(told(all)).toContain(
      JSON.stringify('      "statsd": { "service_address": "127.0.0.1:18125" },').slice(1, -1),
    );
  });

  test('takes nothing where nothing is measured', () => {
    expect(told({ stackName: 'fleet', agent: { mode: 'install', first: FIRST } })).not.toContain('statsd');
  });
});
