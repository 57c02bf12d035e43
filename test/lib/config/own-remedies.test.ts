import { ConfigError, defineConfig } from '../../../lib/config/define-config.ts';
import { ownRemedyProblems } from '../../../lib/config/own-remedies.ts';
import { policyFromConfig } from '../../../lib/config/policy-from-config.ts';
import { slices } from '../../../remedies/index.ts';
import type { Parameter, Slice } from '../../../remedies/slice.ts';
import { queueStuck, remedyFolder } from './own-slice.ts';
import { CHORE_DOCUMENTS } from './chore-documents.ts';

const folder = remedyFolder();
const of = (slice: unknown, place = folder) => ownRemedyProblems({ folder: place, slices: [slice] });
const detection = (change: object) => ({ ...queueStuck, detection: { ...queueStuck.detection, ...change } });
const threshold = queueStuck.parameters['ThresholdCount'];
const word = { source: { from: 'setting', default: 'a', describes: 'a word' }, accepts: ['a'], rejects: [''] } as const;
const parameters = (more: Readonly<Record<string, unknown>>) => ({
  ...queueStuck,
  parameters: { ThresholdCount: threshold, ...more },
});

describe('a remedy that measures is detected with exactly the dimensions that its values get', () => {
  const measuring = remedyFolder({ 'measure.sh': 'echo 1\n' });

  test('which is what the agent adds, besides the instance and the part', () => {
    expect(of(detection({ dimensions: ['metric_type', 'InstanceId'] }), measuring)).toEqual([]);
  });

  test.each([
    [['InstanceId'], 'InstanceId'],
    [['InstanceId', 'metric_type', 'host'], 'InstanceId, metric_type, host'],
  ])('not %j', (dimensions, shown) => {
    expect(of(detection({ dimensions }), measuring)).toEqual([
      `ownRemedies.slices.0 (queue-stuck): detection.dimensions is ${shown}; what measure.sh prints is put with exactly InstanceId, metric_type`,
    ]);
  });
});

test('a sound remedy of the operator is taken, and no remedies of their own are none', () => {
  expect(of(queueStuck)).toEqual([]);
  expect(ownRemedyProblems({ folder, slices: [] })).toEqual([]);
  expect(ownRemedyProblems(undefined)).toEqual([]);
});

describe('the key ownRemedies is told from what is no list of remedies', () => {
  test.each<[unknown, string[]]>([
    [7, ['ownRemedies is 7: invalid input: expected object, received number']],
    [null, ['ownRemedies is null: invalid input: expected object, received null']],
    [
      { folder, slices: queueStuck.id },
      ['ownRemedies.slices is "queue-stuck": invalid input: expected array, received string'],
    ],
    [{ folder, slices: [], path: '/' }, ['unknown key "path" in ownRemedies; allowed are folder, slices']],
    [
      { folder: 'remedies', slices: [] },
      [
        'ownRemedies.folder is "remedies": allowed is an absolute path, for example join(import.meta.dirname, "remedies")',
      ],
    ],
    [{ folder: '/nowhere/at-all', slices: [] }, ['ownRemedies.folder is "/nowhere/at-all": there is no such folder']],
  ])('%j', (written, problems) => {
    expect(ownRemedyProblems(written)).toEqual(problems);
  });
});

describe('a slice of another form gets a sentence per key, never a TypeError', () => {
  test.each<[string, unknown, string[]]>([
    ['nothing', null, ['the slice is null: invalid input: expected object, received null']],
    [
      'a module',
      [queueStuck],
      [
        'the slice is [{"id":"queue-stuck","symptom":"queue-stuck","title":"put back what nobody works… (691 characters): invalid input: expected object, received array',
      ],
    ],
    [
      'a foreign id',
      { ...queueStuck, id: 'Queue_Stuck' },
      ['id is "Queue_Stuck": allowed are lower-case words joined by hyphens, at most 40 characters'],
    ],
    [
      'an unknown key',
      { ...queueStuck, retries: 3 },
      [
        'unknown key "retries"; allowed are id, symptom, title, detection, disruption, disruptionWith, shares, parameters, conflict, checkTimeoutSeconds, repairTimeoutSeconds, soakSeconds, cooldownSeconds, maximumAttempts, undo',
      ],
    ],
    [
      'no undo',
      { ...queueStuck, undo: undefined },
      ["undo is missing: allowed is { script: 'undo.sh' } or { impossible: 'why nothing can be put back' }"],
    ],
    [
      'an undo for no reason',
      { ...queueStuck, undo: { impossible: ' ' } },
      ['undo.impossible is " ": allowed is a text that is not empty'],
    ],
    [
      'a time that the agent turns into an hour',
      { ...queueStuck, repairTimeoutSeconds: 4 },
      ['repairTimeoutSeconds is 4: too small: expected number to be >=5'],
    ],
    [
      'a shared script that there is not',
      { ...queueStuck, shares: ['cleaning'] },
      ['shares.0 is "cleaning": allowed are cleaning.sh, ballast.sh, deleted-files.sh, containers.sh, kernels.sh'],
    ],
    [
      'a conflict that is text',
      { ...queueStuck, conflict: 'never' },
      ['conflict is "never": allowed is a function of the settings'],
    ],
    [
      'a metric that is no word',
      detection({ metricName: 'stuck) OR MAX(x' }),
      ['detection.metricName is "stuck) OR MAX(x": allowed are a letter, then letters, digits and underscores'],
    ],
    [
      'a foreign group',
      detection({ groupBy: ['path'] }),
      [
        "detection.groupBy is [\"path\"]: allowed are ['InstanceId'], ['InstanceId', 'path'] and ['InstanceId', 'service']",
      ],
    ],
    [
      'a period of half a minute',
      detection({ periodSeconds: 30 }),
      [
        'detection.periodSeconds is 30: too small: expected number to be >=60',
        'detection.periodSeconds is 30: invalid number: must be a multiple of 60',
      ],
    ],
    [
      'a source from elsewhere',
      parameters({ Word: { ...word, pattern: '^a$', source: { from: 'secret' } } }),
      [
        'parameters.Word.source is {"from":"secret"}: allowed is { from } with part, expendable, protected or services, or { from, default, describes } with setting',
      ],
    ],
    [
      'no examples',
      parameters({ Word: { ...word, pattern: '^a$', rejects: [] } }),
      ['parameters.Word.rejects.0 is missing: invalid input: expected string, received undefined'],
    ],
  ])('%s', (_, slice, problems) => {
    const id = Object(slice)['id'];
    const name = id === undefined ? 'ownRemedies.slices.0' : `ownRemedies.slices.0 (${id})`;
    expect(of(slice)).toEqual(problems.map((problem) => `${name}: ${problem}`));
  });

  test('a slice that refers to itself', () => {
    const circular: Record<string, unknown> = { ...queueStuck };
    circular['undo'] = circular;
    expect(of(circular)).toEqual([
      "ownRemedies.slices.0 (queue-stuck): undo is a value that cannot be written: allowed is { script: 'undo.sh' } or { impossible: 'why nothing can be put back' }",
    ]);
  });
});

describe('a slice whose values do not go together is refused', () => {
  test.each<[string, Slice, string]>([
    [
      'a group that is no dimension',
      { ...queueStuck, detection: { ...queueStuck.detection, dimensions: ['Queue'] } },
      'detection.groupBy names InstanceId, which is not among the dimensions Queue',
    ],
    [
      'an alarm that cannot fire',
      { ...queueStuck, detection: { ...queueStuck.detection, datapointsToAlarm: 3 } },
      'detection wants 3 datapoints of 2 periods: its alarm could never fire',
    ],
    [
      'an alarm that looks back too far',
      { ...queueStuck, detection: { ...queueStuck.detection, periodSeconds: 3600, evaluationPeriods: 4 } },
      'detection looks back 14400 s; CloudWatch keeps 10800 s for such an alarm',
    ],
    [
      'an early warning of a count',
      { ...queueStuck, detection: { ...queueStuck.detection, early: { threshold: 2, evaluationPeriods: 5 } } },
      'detection.early is for percents; its unit is Count',
    ],
    [
      'a threshold that the check does not know',
      { ...queueStuck, parameters: {} },
      'parameters.ThresholdCount must be a setting whose default is the alarm\'s threshold, "3"',
    ],
    [
      'a check with another threshold than its alarm',
      { ...queueStuck, detection: { ...queueStuck.detection, threshold: 5 } },
      'parameters.ThresholdCount must be a setting whose default is the alarm\'s threshold, "5"',
    ],
  ])('%s', (_, slice, problem) => {
    expect(of(slice)).toEqual([`ownRemedies.slices.0 (queue-stuck): ${problem}`]);
  });

  test('a share of more than the whole', () => {
    const percent: Parameter = {
      source: { from: 'setting', default: '100', describes: 'share' },
      pattern: '^[0-9]+$',
      accepts: ['1'],
      rejects: [''],
    };
    const slice = {
      ...queueStuck,
      detection: { ...queueStuck.detection, unit: 'Percent', threshold: 100 },
      parameters: { ThresholdPercent: percent },
    };
    expect(of(slice)).toEqual([
      'ownRemedies.slices.0 (queue-stuck): detection.threshold is 100 percent; allowed are 1 to 99',
    ]);
    const late = {
      ...slice,
      detection: { ...slice.detection, threshold: 80, early: { threshold: 80, evaluationPeriods: 5 } },
    };
    expect(of(late)).toEqual(
      expect.arrayContaining([
        'ownRemedies.slices.0 (queue-stuck): detection.early.threshold is 80; it must be below the threshold of 80',
      ]),
    );
  });

  test('a part without a parameter, and a parameter without a part', () => {
    const dimensions = ['InstanceId', 'path'];
    expect(of(detection({ dimensions, groupBy: dimensions }))).toEqual([
      'ownRemedies.slices.0 (queue-stuck): 0 parameters are from the part (none); its groupBy wants 1',
    ]);
    const path = { source: { from: 'part' }, pattern: '^/[a-z]*$', accepts: ['/'], rejects: [''] };
    expect(of(parameters({ Path: path }))).toEqual([
      'ownRemedies.slices.0 (queue-stuck): 1 parameters are from the part (Path); its groupBy wants 0',
    ]);
  });
});

describe('S14: a parameter whose pattern is not what its slice says of it is refused', () => {
  test.each<[string, string, Partial<Parameter>, string]>([
    ['lowerCase', '^a$', {}, 'must be named by an upper-case letter, then letters and digits'],
    ['Fence', '^a$', {}, "is one of the system's own; give it another name"],
    ['Word', 'a', {}, 'has the pattern a; allowed is a regular expression for the whole value, from ^ to $'],
    ['Word', '^(a$', {}, 'has the pattern ^(a$; allowed is a regular expression for the whole value, from ^ to $'],
    ['Word', '^a$', { accepts: ['a', 'b'] }, 'should accept "b"; its pattern ^a$ does not'],
    ['Word', '^a$', { rejects: ['a'] }, 'should reject "a"; its pattern ^a$ does not'],
    [
      'Word',
      '^a$',
      { source: { from: 'setting', default: '', describes: 'a word' } },
      'should accept its default ""; its pattern ^a$ does not',
    ],
    ['Word', '^(a|\\$\\(id\\))$', {}, 'must reject "$(id)" (S14); its pattern ^(a|\\$\\(id\\))$ does not'],
  ])('%s, %s, %j', (name, pattern, change, problem) => {
    expect(of(parameters({ [name]: { ...word, pattern, ...change } }))).toEqual([
      `ownRemedies.slices.0 (queue-stuck): parameters.${name} ${problem}`,
    ]);
  });
});

describe('a folder that is not what its slice says is refused, by the path of the file', () => {
  const named = 'ownRemedies.slices.0 (queue-stuck): ';

  test('scripts and runbook that are not there', () => {
    const bare = remedyFolder({ 'check.sh': undefined, 'README.md': undefined });
    expect(of(queueStuck, bare)).toEqual([
      `${named}there is no ${bare}/queue-stuck/check.sh`,
      `${named}there is no ${bare}/queue-stuck/README.md`,
    ]);
    expect(of({ ...queueStuck, undo: { script: 'undo.sh' } })).toEqual([
      `${named}there is no ${folder}/queue-stuck/undo.sh`,
    ]);
  });

  test('an undo that nobody would run', () => {
    const full = remedyFolder({ 'undo.sh': 'begin_undo\n' });
    expect(of(queueStuck, full)).toEqual([`${named}${full}/queue-stuck/undo.sh is there, but undo says "impossible"`]);
    expect(of({ ...queueStuck, undo: { script: 'undo.sh' } }, full)).toEqual([]);
  });

  test.each(['repair.sh', 'library.sh'])('a %s that SSM would splice into', (name) => {
    const spliced = remedyFolder({ [name]: 'echo {{ Queue }}\n' });
    expect(of(queueStuck, spliced)).toEqual([
      `${named}${spliced}/queue-stuck/${name} contains "{{", which SSM would take for a parameter`,
    ]);
  });

  test('a script that does not fit into a document', () => {
    const large = remedyFolder({ 'check.sh': `echo ${'x'.repeat(66_000)}\n` });
    expect(of(queueStuck, large)).toEqual([
      expect.stringMatching(
        /^ownRemedies.slices.0 \(queue-stuck\): the document of check.sh would have \d{5} bytes; SSM takes 65536$/,
      ),
      // a repair carries its check
      expect.stringMatching(
        /^ownRemedies.slices.0 \(queue-stuck\): the document of repair.sh would have \d{5} bytes; SSM takes 65536$/,
      ),
    ]);
  });
});

describe('neighbours', () => {
  test("an id that is the system's, or another's", () => {
    const taken = { ...queueStuck, id: 'disk-full' };
    expect(of(taken)).toContain('ownRemedies.slices.0 (disk-full): the id "disk-full" is taken; give it another');
    expect(ownRemedyProblems({ folder, slices: [queueStuck, { ...queueStuck, symptom: 'other' }] })).toEqual([
      'ownRemedies.slices.1 (queue-stuck): the id "queue-stuck" is taken; give it another',
    ]);
  });

  test('a further rung of a symptom that means another part of the instance', () => {
    expect(of({ ...queueStuck, symptom: 'disk-full' })).toEqual([
      'ownRemedies.slices.0 (queue-stuck): detection.groupBy is InstanceId; the symptom disk-full is grouped by InstanceId, path, says disk-full',
    ]);
    expect(of({ ...queueStuck, symptom: 'cpu-saturated' })).toEqual([]);
  });
});

describe('in a configuration', () => {
  const ownRemedies = { folder, slices: [queueStuck] };

  test('every problem is told at once, before anything else', () => {
    const slices: Slice[] = [
      { ...queueStuck, title: '' },
      { ...queueStuck, soakSeconds: 1 },
    ];
    expect(() => defineConfig({ ownRemedies: { folder, slices } })).toThrow(
      new ConfigError(
        'self-healing.config.ts: ownRemedies.slices.0 (queue-stuck): title is "": allowed is a text that is not empty; ownRemedies.slices.1 (queue-stuck): soakSeconds is 1: too small: expected number to be >=30',
      ),
    );
  });

  test('its settings are checked like those of the others, its threshold by its own unit', () => {
    expect(() => defineConfig({ ownRemedies, remedies: { 'queue-stuck': { thresholdPercent: 5 } } })).toThrow(
      'unknown key "thresholdPercent" in remedies.queue-stuck; allowed are mode, thresholdCount, soakSeconds, cooldownSeconds, settings',
    );
    expect(() => defineConfig({ ownRemedies, remedies: { 'queue-stuck': { settings: { Depth: '1' } } } })).toThrow(
      'remedies.queue-stuck.settings.Depth does not exist; allowed are ',
    );
    expect(() => defineConfig({ remedies: { 'queue-stuck': {} } })).toThrow(
      'unknown key "queue-stuck" in remedies; allowed are the remedies disk-full',
    );
  });

  test('settings that are each allowed but cannot work together are told', () => {
    const conflict = ({ ThresholdCount = 0 }) =>
      ThresholdCount > 9 ? `ThresholdCount is ${ThresholdCount}` : undefined;
    const own = { folder, slices: [{ ...queueStuck, conflict }] };
    expect(() => defineConfig({ ownRemedies: own, remedies: { 'queue-stuck': { thresholdCount: 10 } } })).toThrow(
      'remedies.queue-stuck: ThresholdCount is 10',
    );
  });

  test('it reaches the functions as data of the policy, with what the operator set', () => {
    const config = defineConfig({ ownRemedies, mode: 'act', remedies: { 'queue-stuck': { thresholdCount: 7 } } });
    const documents = Object.fromEntries([...slices, queueStuck].map(({ id }) => [id, { check: 'c', repair: 'r' }]));
    const policy = policyFromConfig(config, documents, CHORE_DOCUMENTS);
    expect(policy.slices.at(-1)).toEqual({ ...queueStuck, detection: { ...queueStuck.detection, threshold: 7 } });
    expect(policy.remedies['queue-stuck']).toEqual({
      mode: 'act',
      settings: { ThresholdCount: '7' },
      documents: { check: 'c', repair: 'r' },
    });
  });
});
