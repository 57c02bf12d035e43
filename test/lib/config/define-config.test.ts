import type { Config } from '../../../lib/config/config.ts';
import { ConfigError, defineConfig } from '../../../lib/config/define-config.ts';
import { actSlices, slices } from '../../../remedies/index.ts';
import deployed from '../../../self-healing.config.ts';

test('a configuration is given back as it was written', () => {
  const config: Config = {
    stackName: 'fleet',
    mode: 'act',
    remedies: { 'disk-full': { mode: 'observe', thresholdPercent: 85, settings: { StopAtPercent: '70' } } },
    expendable: [{ command: 'batch-*' }, { user: 'nightly' }],
    protected: [{ unit: 'postgresql.service' }, { slice: 'payments.slice' }],
    notifications: { criticalEmails: ['oncall@example.com'] },
    warmUpSeconds: 0,
  };
  expect(defineConfig(config)).toBe(config);
  expect(defineConfig({})).toEqual({});
});

test('S23: the first deployment only observes', () => {
  expect(deployed.mode).toBe('observe');
});

describe('a mistake fails synth, and says what is allowed', () => {
  /** As a configuration that was not written in TypeScript. */
  const written = (text: string): Config => JSON.parse(text);

  test.each([
    [
      '{"stackname": "fleet"}',
      'unknown key "stackname"; allowed are stackName, mode, remedies, ownRemedies, expendable, protected, services, maintenance, agent, keep, notifications, warmUpSeconds',
    ],
    ['{"mode": "dry-run"}', 'mode is "dry-run": invalid option: expected one of "observe"|"act"'],
    [
      '{"stackName": "my fleet"}',
      'stackName is "my fleet": allowed are a letter and up to 39 letters, digits and hyphens',
    ],
    ['{"stackName": "*"}', 'stackName is "*": allowed are a letter and up to 39 letters, digits and hyphens'],
    [
      '{"remedies": {"disk-ful": {}}}',
      `unknown key "disk-ful" in remedies; allowed are the remedies ${[...slices, ...actSlices].map(({ id }) => id).join(', ')}`,
    ],
    [
      '{"remedies": {"instance-impaired": {"thresholdCount": 2}}}',
      'unknown key "thresholdCount" in remedies.instance-impaired; allowed are mode, soakSeconds, cooldownSeconds',
    ],
    [
      '{"remedies": {"disk-full": {"cooldown": 5}}}',
      'unknown key "cooldown" in remedies.disk-full; allowed are mode, thresholdPercent, earlyWarningPercent, soakSeconds, cooldownSeconds, settings',
    ],
    [
      '{"remedies": {"disk-full": {"thresholdPercent": 100}}}',
      'remedies.disk-full.thresholdPercent is 100: too big: expected number to be <=99',
    ],
    [
      '{"remedies": {"disk-full": {"soakSeconds": 5}}}',
      'remedies.disk-full.soakSeconds is 5: too small: expected number to be >=30',
    ],
    [
      '{"remedies": {"disk-full": {"cooldownSeconds": "900"}}}',
      'remedies.disk-full.cooldownSeconds is "900": invalid input: expected number, received string',
    ],
    [
      '{"remedies": {"disk-full": {"settings": {"StopAtPercent": "100"}}}}',
      'remedies.disk-full.settings.StopAtPercent is "100"; allowed is ^[1-9][0-9]?$, for example "1"',
    ],
    [
      '{"remedies": {"disk-full": {"settings": {"CleanableFolders": "/srv/$(id)"}}}}',
      'remedies.disk-full.settings.CleanableFolders is "/srv/$(id)"; allowed is ^(/[A-Za-z0-9._/-]+(:/[A-Za-z0-9._/-]+)*)?$, for example ""',
    ],
    [
      '{"remedies": {"cpu-saturated": {"settings": {"Expendable": "command=*"}}}}',
      'remedies.cpu-saturated.settings.Expendable does not exist; allowed are SampleSeconds, MinimumSharePercent, MaximumKills, TermWaitSeconds',
    ],
    [
      '{"remedies": {"disk-full": {"settings": {"ThresholdPercent": "95"}}}}',
      'remedies.disk-full.settings.ThresholdPercent does not exist; use remedies.disk-full.thresholdPercent; allowed are OversizedLogMebibytes, JournalMebibytes, StopAtPercent, AgeBy, TemporaryAgeMinutes, RotatedLogAgeMinutes, PackageCacheAgeMinutes, CleanableFolders, CleanableAgeMinutes, CoreDumpAgeMinutes, ContainerCaches, ContainerAgeDays, ContainerLogMebibytes, OldKernels, DeletedOpenFiles',
    ],
    [
      '{"remedies": {"disk-full": {"thresholdPercent": 75}}}',
      'remedies.disk-full: StopAtPercent is 80, it must be below the threshold of 75: else nothing is ever cleaned',
    ],
    [
      '{"remedies": {"disk-full": {"earlyWarningPercent": 90}}}',
      'remedies.disk-full.earlyWarningPercent is 90, it must be below the threshold of 90: else it is no warning',
    ],
    [
      '{"remedies": {"disk-full": {"earlyWarningPercent": true}}}',
      'remedies.disk-full.earlyWarningPercent is true: allowed are 1 to 98, and false for no early warning',
    ],
    [
      '{"remedies": {"zombies": {"earlyWarningPercent": 80}}}',
      'unknown key "earlyWarningPercent" in remedies.zombies; allowed are mode, thresholdCount, soakSeconds, cooldownSeconds, settings',
    ],
    [
      '{"remedies": {"cpu-saturated": {"settings": {"TermWaitSeconds": "99"}}}}',
      "remedies.cpu-saturated: SampleSeconds, MaximumKills and TermWaitSeconds add up to 360 s: at most 45 s a sample and 280 s in all fit into the script's time",
    ],
    [
      '{"expendable": [{"command": "a b"}]}',
      'expendable.0.command is "a b": allowed are letters, digits and @._*?:+- (globs), 1 to 100 characters',
    ],
    [
      '{"expendable": [{"user": ""}]}',
      'expendable.0.user is "": allowed are letters, digits and @._*?:+- (globs), 1 to 100 characters',
    ],
    [
      '{"protected": [{"name": "postgres"}]}',
      'protected.0 is {"name":"postgres"}: allowed is an object with exactly one of command, user, unit, slice',
    ],
    [
      '{"protected": [{"user": "a", "command": "b"}]}',
      'protected.0 is {"user":"a","command":"b"}: allowed is an object with exactly one of command, user, unit, slice',
    ],
    [
      '{"notifications": {"emails": ["a@example.com"]}}',
      'unknown key "emails" in notifications; allowed are criticalEmails, warningEmails, selfAlarmEmails',
    ],
    [
      '{"notifications": {"criticalEmails": ["oncall"]}}',
      'notifications.criticalEmails.0 is "oncall": invalid email address',
    ],
    ['{"warmUpSeconds": -1}', 'warmUpSeconds is -1: too small: expected number to be >=0'],
    ['7', 'the configuration is 7: invalid input: expected object, received number'],
  ])('%s', (text, problem) => {
    expect(() => defineConfig(written(text))).toThrow(new ConfigError(`self-healing.config.ts: ${problem}`));
  });

  test('every mistake is told at once', () => {
    expect(() => defineConfig(written('{"mode": "on", "warmUpSeconds": 0.5}'))).toThrow(
      new ConfigError(
        'self-healing.config.ts: mode is "on": invalid option: expected one of "observe"|"act"; warmUpSeconds is 0.5: invalid input: expected int, received number',
      ),
    );
  });
});
