import type { Config } from '../../../lib/config/config.ts';
import { AGENT_CONFIGURATION, agentDocumentContent } from '../../../lib/agent/agent-document.ts';
import { purposesOf } from '../../../lib/document-content.ts';
import { CHORE_PURPOSES } from '../../../lib/chore-documents.ts';
import { chores } from '../../../remedies/chores.ts';
import { slices } from '../../../remedies/index.ts';
import { listOf, recordOf } from '../../../sandbox/stack/properties.ts';
import { propertiesOf, resourcesOf, statementsByFunction, synthesized } from '../synthesized.ts';

const FIRST = 'i-0123456789abcdef0';
const install = synthesized({ stackName: 'fleet', agent: { mode: 'install', first: FIRST } });
/** As our own, in another namespace. */
const adopt: Config['agent'] = {
  mode: 'adopt',
  namespace: 'CWAgent',
  dimensions: Object.fromEntries(slices.map(({ detection }) => [detection.metricName, detection.dimensions])),
};
const documentNames = (template: typeof install) =>
  propertiesOf(template, 'AWS::SSM::Document').map(({ Name }) => String(Name).replace(/-[0-9a-f]{12}$/, ''));

describe('a deployment changes nothing on any instance', () => {
  test.each<[string, Config['agent'] & object]>([
    ['by default', { mode: 'report' }],
    ["with a team's own agent", adopt],
  ])('%s: nothing is associated with instances, and no document installs anything', (_, agent) => {
    const template = synthesized({ stackName: 'fleet', agent });
    expect(resourcesOf(template, 'AWS::SSM::Association')).toEqual([]);
    expect(documentNames(template)).toEqual([
      ...slices.flatMap((slice) => purposesOf(slice).map((purpose) => `fleet-${slice.id}-${purpose}`)),
      ...chores.flatMap(({ id }) => CHORE_PURPOSES.map((purpose) => `fleet-${id}-${purpose}`)),
    ]);
    expect(JSON.stringify(template)).not.toContain('aws:configurePackage');
  });

  test('is what happens without a word of the operator', () => {
    expect(resourcesOf(synthesized({}), 'AWS::SSM::Association')).toEqual([]);
  });
});

describe('the roll-out', () => {
  const [[firstId, first] = [], [, fleet] = []] = resourcesOf(install, 'AWS::SSM::Association');
  const [[documentId, document] = []] = resourcesOf(install, 'AWS::SSM::Document').filter(([id]) =>
    id.startsWith('AgentDocument'),
  );

  test('S10: is on one instance first, which must be configured, and stops the deployment where it fails', () => {
    expect(first?.Properties).toEqual({
      AssociationName: 'fleet-agent-first',
      Name: { Ref: documentId },
      Parameters: { MustConfigure: ['yes'] },
      Targets: [{ Key: 'InstanceIds', Values: [FIRST] }],
      WaitForSuccessTimeoutSeconds: 900,
    });
  });

  test('S10: then on those that are opted in to this stack, few at once, until too many failed', () => {
    expect(fleet).toEqual({
      Type: 'AWS::SSM::Association',
      DependsOn: [firstId],
      Properties: {
        AssociationName: 'fleet-agent-fleet',
        Name: { Ref: documentId },
        Parameters: { MustConfigure: ['no'] },
        Targets: [{ Key: 'tag:self-healing:stack', Values: ['fleet'] }],
        MaxConcurrency: '10%',
        MaxErrors: '1',
        ScheduleExpression: 'rate(1 day)',
      },
    });
  });

  test('is as careful as the operator says', () => {
    const template = synthesized({
      stackName: 'fleet',
      agent: { mode: 'install', first: FIRST, maxConcurrency: '3', maxErrors: '0' },
    });
    expect(propertiesOf(template, 'AWS::SSM::Association')[1]).toMatchObject({ MaxConcurrency: '3', MaxErrors: '0' });
  });

  test('needs no permission: no role may more than without it', () => {
    const without = synthesized({ stackName: 'fleet' });
    expect(statementsByFunction(install)).toEqual(statementsByFunction(without));
    expect(resourcesOf(install, 'AWS::IAM::Role')).toHaveLength(resourcesOf(without, 'AWS::IAM::Role').length);
  });

  describe('its document', () => {
    const content = recordOf(document?.Properties?.['Content']);
    const steps = listOf(content['mainSteps']).map(recordOf);
    const inputs = steps.map((step) => recordOf(step['inputs']));

    test('looks, installs where that is needed, and configures and says so in any case', () => {
      expect(steps.map(({ name, action }) => [name, action])).toEqual([
        ['look', 'aws:runShellScript'],
        ['install', 'aws:configurePackage'],
        ['configure', 'aws:runShellScript'],
      ]);
      expect(inputs[0]).toMatchObject({ onFailure: 'successAndExit', timeoutSeconds: '60' });
      expect(inputs[1]).toEqual({ name: 'AmazonCloudWatchAgent', action: 'Install', onFailure: 'exit' });
      expect(inputs[2]).toMatchObject({ finallyStep: true, timeoutSeconds: '300' });
      for (const step of steps) expect(step['precondition']).toEqual({ StringEquals: ['platformType', 'Linux'] });
    });

    test('S14: its parameter reaches the scripts as environment, and nothing is spliced into them', () => {
      expect(content['parameters']).toMatchObject({
        MustConfigure: { type: 'String', interpolationType: 'ENV_VAR', allowedPattern: '^(yes|no)$', default: 'no' },
      });
      expect(JSON.stringify(steps)).not.toContain('{{');
    });

    test('carries the configuration once more, letter by letter', () => {
      for (const { runCommand } of [inputs[0], inputs[2]].map(recordOf)) {
        expect(listOf(runCommand)[0]).toBe('#!/usr/bin/env bash');
        expect(listOf(runCommand).join('\n')).toContain(`wanted='${AGENT_CONFIGURATION.trimEnd()}'\n`);
      }
    });

    test('holds less than 64 KB, as SSM demands', () => {
      expect(Buffer.byteLength(JSON.stringify(content))).toBeLessThan(65_536);
    });

    test('is another document for another stack: its opt-in tag names one', () => {
      expect(agentDocumentContent('fleet')).not.toEqual(agentDocumentContent('other'));
      expect(listOf(inputs[0]?.['runCommand'])[1]).toBe("stack='fleet'");
    });
  });
});
