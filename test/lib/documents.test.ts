import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { CommandDocuments } from '../../lib/command-documents.ts';
import { documentContent, purposesOf, scriptOf } from '../../lib/document-content.ts';
import { CHORE_PURPOSES, choreScript } from '../../lib/chore-documents.ts';
import { chores } from '../../remedies/chores.ts';
import { slices } from '../../remedies/index.ts';
import cpuSaturated from '../../remedies/cpu-saturated/remedy.ts';
import diskFull from '../../remedies/disk-full/remedy.ts';
import type { Slice } from '../../remedies/slice.ts';
import { listOf, recordOf } from '../../sandbox/stack/properties.ts';
import { propertiesOf, synthesized } from './synthesized.ts';

const REMEDIES = join(import.meta.dirname, '../../remedies');

const template = synthesized();
const documents = propertiesOf(template, 'AWS::SSM::Document').map((properties) => ({
  name: String(properties['Name']),
  properties,
  content: recordOf(properties['Content']),
}));
const scripts = slices.flatMap((slice) => purposesOf(slice).map((purpose) => [slice.id, purpose, slice] as const));

describe.each(documents)('the document $name', ({ name, properties, content }) => {
  const [step] = listOf(content['mainSteps']).map(recordOf);
  const inputs = recordOf(step?.['inputs']);

  test('is a command document for Linux instances', () => {
    expect(properties).toMatchObject({
      DocumentType: 'Command',
      DocumentFormat: 'JSON',
      TargetType: '/AWS::EC2::Instance',
    });
    expect(content['schemaVersion']).toBe('2.2');
    expect(step).toMatchObject({
      action: 'aws:runShellScript',
      precondition: { StringEquals: ['platformType', 'Linux'] },
    });
  });

  test('holds less than 64 KB, as SSM demands', () => {
    expect(Buffer.byteLength(JSON.stringify(content))).toBeLessThan(65_536);
  });

  test('S14: every parameter reaches the script as environment, by a whole pattern', () => {
    const parameters = Object.values(recordOf(content['parameters'])).map(recordOf);
    expect(parameters.length).toBeGreaterThanOrEqual(5);
    for (const { type, interpolationType, allowedPattern } of parameters) {
      expect([type, interpolationType]).toEqual(['String', 'ENV_VAR']);
      expect(allowedPattern).toMatch(/^\^.*\$$/);
    }
  });

  test('S14: nothing is spliced into the script', () => {
    expect(JSON.stringify(content['mainSteps'])).not.toContain('{{');
  });

  test('its script starts with its shebang: the agent would run it by sh', () => {
    expect(listOf(inputs['runCommand'])[0]).toMatch(/^#!\/usr\/bin\/env bash\n/);
  });

  test('its time-out is one that the agent takes', () => {
    expect(Number(inputs['timeoutSeconds'])).toBeGreaterThanOrEqual(5);
    expect(Number(inputs['timeoutSeconds'])).toBeLessThanOrEqual(172_800);
  });

  test('its name fits SSM', () => {
    expect(name).toMatch(/^fleet-[a-z-]+-(check|repair|undo|preview|clean)-[0-9a-f]{12}$/);
    expect(name.length).toBeLessThanOrEqual(128);
  });
});

test('a parameter that may be empty has an empty default: SSM is never sent an empty text', () => {
  const parameters = recordOf(documentContent(diskFull, 'repair')['parameters']);
  expect(parameters['CleanableFolders']).toMatchObject({ default: '' });
  expect(recordOf(parameters['MountPath'])).not.toHaveProperty('default');
});

test.each(scripts)('bash reads the whole script of %s, %s', (_, purpose, slice) => {
  const { status, stderr } = spawnSync('bash', ['-n'], { input: scriptOf(slice, purpose), encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});

const choreScripts = chores.flatMap((chore) => CHORE_PURPOSES.map((purpose) => [chore.id, purpose, chore] as const));

test.each(choreScripts)('bash reads the whole script of %s, %s', (_, purpose, chore) => {
  const { status, stderr } = spawnSync('bash', ['-n'], { input: choreScript(chore, purpose), encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});

test.each(chores)(
  'S11: a preview of $id is the same script as what cleans, but for the word that says which it is',
  (chore) => {
    const [preview, clean] = [choreScript(chore, 'preview'), choreScript(chore, 'clean')];
    expect(preview).toContain('\nact=preview\n');
    expect(preview.replace('\nact=preview\n', '\nact=clean\n')).toBe(clean);
  },
);

test('S19: a repair carries the check, to read the condition again under its lock; check and undo do not', () => {
  expect(scriptOf(diskFull, 'repair')).toContain('\nsymptom_check() (\n');
  expect(scriptOf(diskFull, 'check')).not.toContain('symptom_check() (');
});

test("what all scripts share comes first, then what the slice's scripts share, then the script", () => {
  const places = purposesOf(cpuSaturated).map((purpose) => {
    const script = scriptOf(cpuSaturated, purpose);
    return ['\nredact() {', '\nread_process() {', '\nsample_cpu() {', '\nrenice_threads() {'].map((line) =>
      script.indexOf(line),
    );
  });
  expect(places).toHaveLength(3);
  for (const place of places) {
    expect(place).not.toContain(-1);
    expect(place).toEqual(place.toSorted((a, b) => a - b));
  }
});

test('what a slice shares by choice stands before its repair alone', () => {
  const script = scriptOf(diskFull, 'repair');
  const places = ['\nread_process() {', '\nclean() {', '\nsymptom_check() (', '\nbegin_cleaning\n'].map((line) =>
    script.indexOf(line),
  );
  expect(places).not.toContain(-1);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(scriptOf(diskFull, 'check')).not.toContain('clean() {');
  expect(scriptOf(cpuSaturated, 'repair')).not.toContain('clean() {');
});

describe('the name of a document', () => {
  const namesOf = (slice: Slice) =>
    new CommandDocuments(new Stack(new App()), 'Documents', {
      stackName: 'fleet',
      remedies: [{ slice, folder: REMEDIES }],
      chores: [],
    }).names['disk-full'];

  test('is the same for the same content', () => {
    expect(namesOf(diskFull)).toEqual(namesOf({ ...diskFull }));
    expect(Object.keys(namesOf(diskFull) ?? {})).toEqual(['check', 'repair']);
  });

  test('changes with its content, and with its content only', () => {
    const slower = namesOf({ ...diskFull, repairTimeoutSeconds: 301 });
    expect(slower?.check).toBe(namesOf(diskFull)?.check);
    expect(slower?.repair).not.toBe(namesOf(diskFull)?.repair);
  });

  test('changes with the pattern of a parameter', () => {
    const [name, parameter] = Object.entries(diskFull.parameters)[1] ?? [];
    if (name === undefined || parameter === undefined) throw new Error('disk-full has no second parameter');
    const wider = {
      ...diskFull,
      parameters: { ...diskFull.parameters, [name]: { ...parameter, pattern: '^[0-9]+$' } },
    };
    expect(namesOf(wider)?.check).not.toBe(namesOf(diskFull)?.check);
  });
});

test('a document that is replaced goes, so that going back to an earlier script finds its name free', () => {
  for (const { Type, ...rest } of Object.values(template.Resources)) {
    if (Type === 'AWS::SSM::Document') expect(rest).not.toHaveProperty('DeletionPolicy');
  }
});
