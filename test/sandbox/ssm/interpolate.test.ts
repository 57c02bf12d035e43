import { parseDocumentContent } from '../../../sandbox/ssm/document-content.ts';
import { environmentOf, scriptOf, timeoutSecondsOf } from '../../../sandbox/ssm/interpolate.ts';
import { resolveParameters } from '../../../sandbox/ssm/parameters.ts';

function step(runCommand: unknown, timeoutSeconds: unknown = '60') {
  const content = parseDocumentContent({
    schemaVersion: '2.2',
    parameters: {
      commands: { type: 'StringList', default: ['a', 'b'] },
      Word: { type: 'String', default: '$& w' },
      Path: { type: 'String', default: '/x', interpolationType: 'ENV_VAR' },
    },
    mainSteps: [{ name: 'one', action: 'aws:runShellScript', inputs: { runCommand, timeoutSeconds } }],
  });
  const values = resolveParameters(content.parameters, {});
  const [first] = content.steps;
  if (first?.action !== 'aws:runShellScript') throw new Error('no step with a script');
  return {
    script: scriptOf(content, values, first),
    environment: environmentOf(content, values),
    timeoutSeconds: timeoutSecondsOf(content, values, first),
  };
}

test('a list parameter becomes the lines of the script', () => {
  expect(step('{{ commands }}').script).toBe('a\nb\n');
  expect(step(['#!/bin/bash', '{{commands}}', 'c']).script).toBe('#!/bin/bash\na\nb\nc\n');
});

test('a string parameter is replaced as it is, an unknown one stays', () => {
  expect(step(['echo {{ Word }} {{ other }}']).script).toBe('echo $& w {{ other }}\n');
});

test('S14: a parameter by environment never becomes part of the script', () => {
  expect(step(['echo {{ Path }}']).script).toBe('echo {{ Path }}\n');
  expect(step([]).environment).toEqual({ SSM_Path: '/x' });
});

test.each([
  ['60', 60],
  [5, 5],
  ['4', 3600],
  ['172801', 3600],
  ['soon', 3600],
])('a timeout of %s is %s seconds', (given, seconds) => {
  expect(step([], given).timeoutSeconds).toBe(seconds);
});
