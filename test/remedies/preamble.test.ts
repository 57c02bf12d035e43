import { earlyEvidence } from '../../lambdas/core/early-evidence.ts';
import { type Namespace, type Result, readResult, startNamespace } from './namespace.ts';

let namespace: Namespace;
const parameters = {
  MountPath: '/data',
  ThresholdPercent: '50',
  StopAtPercent: '1',
  AgeBy: 'modification',
  CleanableFolders: '/data/cache',
};
const repair = async (more: Record<string, string> = {}): Promise<Result> =>
  readResult(await namespace.script('disk-full', 'repair', { ...parameters, ...more }));
const oldFile = (path: string) =>
  `mkdir -p /data/cache; head -c 9M /dev/zero > '${path}'; touch -d '3 days ago' '${path}'`;

beforeEach(async () => {
  namespace = await startNamespace({});
  await namespace.ask(oldFile('/data/cache/old'));
});
afterEach(async () => namespace.close());

test('S14: a script whose parameters did not arrive as environment ends with 65 and says why', async () => {
  const { code, stdout, stderr } = await namespace.run('exec bash /given/remedies/preamble.sh');
  expect(code).toBe(65);
  expect(stdout).toBe('');
  expect(stderr).toContain('agent too old: parameters did not arrive as environment');
});

test('S14: parameters that are not of their pattern are refused before anything is done', async () => {
  const strange: Record<string, string>[] = [
    { AttemptId: '../../etc/x' },
    { AttemptId: '' },
    { Fence: '1; rm -rf /' },
    { Fence: '' },
    { StopAtPercent: '080' },
    { StopAtPercent: '1\n2' },
    { CleanableFolders: '/data/cache:$(id)' },
    { CleanableFolders: '-delete' },
    { CleanableAgeMinutes: '' },
    { CleanableAgeMinutes: '1 -o -true' },
    { AgeBy: 'never' },
    { OversizedLogMebibytes: '0' },
    { CoreDumpAgeMinutes: '7d' },
    { ContainerCaches: 'all' },
    { ContainerAgeDays: '0' },
    { ContainerLogMebibytes: '$(id)' },
    { OldKernels: 'purge' },
    { DeletedOpenFiles: 'kill' },
    { DeletedOpenFiles: 'restart', Services: 'unit=a' },
    { Expendable: 'batch-*' },
  ];
  for (const parameter of strange) {
    expect({ parameter, ...(await repair(parameter)) }).toMatchObject({
      parameter,
      result: 'refused',
      reason: 'bad-parameter',
    });
  }
  expect(await namespace.ask('ls /data/cache')).toBe('old\n');
});

test('what was seen is told before the first act, so that it outlives a script that is killed; once, and as JSON', async () => {
  const { stderr } = await namespace.script('disk-full', 'repair', parameters);
  const told = stderr.split('\n').filter((line) => line.startsWith('evidence-before-act: '));
  expect(told).toHaveLength(1);
  expect(earlyEvidence(stderr)).toEqual({
    symptom: expect.stringMatching(/^\/data [0-9.]+ % used/),
    dfBefore: expect.stringMatching(/ \/data$/),
  });
});

test('a repeated delivery of an attempt answers the first result and does nothing', async () => {
  const first = await repair({ AttemptId: 'a-1', Fence: '7' });
  await namespace.ask(oldFile('/data/cache/later'));
  const second = await repair({ AttemptId: 'a-1', Fence: '7' });
  expect(first.result).toBe('changed');
  expect(second).toEqual(first);
  expect(await namespace.ask('ls /data/cache')).toBe('later\n');
});

test('an attempt with a lower fence than the last one seen does nothing', async () => {
  expect((await repair({ Fence: '12', ThresholdPercent: '99' })).result).toBe('already-healthy');
  expect(await repair({ Fence: '11' })).toMatchObject({ result: 'stale-fence', reason: 'stale-fence' });
  expect(await namespace.ask('ls /data/cache')).toBe('old\n');
  expect((await repair({ Fence: '12' })).result).toBe('changed');
});

test('S19: an attempt whose symptom has gone, or cannot be read, changes nothing', async () => {
  expect((await repair({ ThresholdPercent: '99' })).result).toBe('already-healthy');
  expect(await repair({ MountPath: '/data/cache' })).toMatchObject({ result: 'unknown', reason: 'symptom-unknown' });
  expect(await namespace.ask('ls /data/cache')).toBe('old\n');
});

test('of two attempts at once one works and the other says busy', async () => {
  await namespace.ask(`mkdir /given/bin; cat >/given/bin/find <<'END'
#!/bin/bash
[[ $* != *-delete* ]] || { : >/run/deleting; until [[ -e /run/go ]]; do sleep 0.05; done; }
exec /usr/bin/find "$@"
END
chmod +x /given/bin/find`);
  const first = repair({ AttemptId: 'first' });
  await namespace.ask('until [[ -e /run/deleting ]]; do sleep 0.05; done');
  expect(await repair({ AttemptId: 'second' })).toMatchObject({
    result: 'busy',
    summary: 'first is acting on this instance',
  });
  await namespace.ask(': >/run/go');
  expect((await first).result).toBe('changed');
  // Busy left no trace: the same attempt may be delivered again.
  await namespace.ask(oldFile('/data/cache/later'));
  expect((await repair({ AttemptId: 'second' })).result).toBe('changed');
});

test('a state folder that is a link or somebody else’s is not used', async () => {
  await namespace.ask('mkdir -m 700 /tmp/evil; ln -s /tmp/evil /run/self-healing');
  expect(await repair()).toMatchObject({ result: 'refused', reason: 'state-folder-unusable' });
  await namespace.ask('rm /run/self-healing; mkdir -m 777 /run/self-healing; chmod 777 /run/self-healing');
  expect(await repair()).toMatchObject({ result: 'refused', reason: 'state-folder-unusable' });
  expect(await namespace.ask('ls /tmp/evil /data/cache')).toBe('/data/cache:\nold\n\n/tmp/evil:\n');
});

test('the results of the last 50 attempts are kept', async () => {
  await namespace.ask(
    'umask 077; mkdir -p /run/self-healing/attempts; touch -d yesterday /run/self-healing/attempts/repair-{1..60}.json',
  );
  await repair({ AttemptId: 'newest' });
  expect(
    await namespace.ask('ls /run/self-healing/attempts | wc -l; ls /run/self-healing/attempts | grep newest'),
  ).toBe('50\nrepair-newest.json\n');
});

test('any bytes become a JSON string, with what is not UTF-8 replaced', async () => {
  const said = async (bytes: string) => {
    const script = `source /given/remedies/preamble.sh; json_string "$(printf '${bytes}')"`;
    return JSON.parse(Buffer.from(await namespace.ask(script, { SSM_AttemptId: 'a' }), 'latin1').toString('utf8'));
  };
  expect(await said('a"b\\\\c\\n\\t\\001\\177')).toBe('a"b\\c\n\t\u0001\u007f');
  expect(await said('\\303\\244 \\342\\202\\254 \\360\\237\\230\\200')).toBe('ä € 😀');
  expect(await said('\\377\\376 \\303')).toBe('\ufffd\ufffd \ufffd');
  expect(await said('\\300\\257 \\355\\240\\200')).toBe('\ufffd\ufffd \ufffd\ufffd\ufffd');
});

test('S31: what looks like a secret is redacted', async () => {
  const secrets = [
    'password=hunter2',
    'DB_PASSWORD: hunter2',
    'api-key="hunter2"',
    'token-hunter2',
    'session_token=%0Ahunter2',
    'https://bob:hunter2@x',
  ];
  for (const secret of secrets) {
    const script = `source /given/remedies/preamble.sh; json_string '${secret}'`;
    expect(await namespace.ask(script, { SSM_AttemptId: 'a' })).not.toContain('hunter2');
  }
  const key = "source /given/remedies/preamble.sh; json_string 'x-AKIAIOSFODNN7EXAMPLE.csv'";
  expect(await namespace.ask(key, { SSM_AttemptId: 'a' })).toBe('"x-AKIA[redacted].csv"');
});

test('S31: whatever redact would change is shown changed, though most values need no program for that', async () => {
  const words = 'PassWord passwd passPhrase PWD Secret TOKEN credential Credentials Authorization bearer'.split(' ');
  const keys = ['api', 'access', 'private', 'auth'].flatMap((kind) => [`${kind}Key`, `${kind}_KEY`, `${kind}-key`]);
  const samples = [...words, ...keys].map((word) => `x${word}=hunter2`);
  const others = ['AKIAIOSFODNN7EXAMPLE', 'ASIAIOSFODNN7EXAMPLE', '//://u:hunter2@h', 'eyJhbGciOiJIUzI1NiJ9.hunter2'];
  const prefixes = ['gho_', 'ghp_', 'ghs_', 'ghu_', 'xoxa-', 'xoxb-', 'xoxp-', 'xoxr-', 'xoxs-'].map(
    (word) => `${word}hunter2`,
  );
  const all = [...samples, ...others, ...prefixes];
  const script = `source /given/remedies/preamble.sh
    for value in ${all.map((value) => `'${value}'`).join(' ')}; do
      show "$value"
      [[ $shown != "$value" && $shown == "$(printf '%s' "$value" | redact)" ]] || printf 'told: %s\n' "$value"
    done
    redact() { printf 'a program was started'; }
    show '/dev/nvme0n1p1 8376300 1 2 3% /data'
    printf '%s' "$shown"`;
  expect(await namespace.ask(script, { SSM_AttemptId: 'a' })).toBe('/dev/nvme0n1p1 8376300 1 2 3% /data');
});
