import fc from 'fast-check';
import { ContractError } from '../../../lambdas/core/errors.ts';
import { scriptParameters, SYSTEM_PARAMETERS } from '../../../lambdas/core/script-parameters.ts';
import cpuSaturated from '../../../remedies/cpu-saturated/remedy.ts';
import diskFull from '../../../remedies/disk-full/remedy.ts';
import { fingerprint, policy, remedyPolicy, repairRequest } from './samples.ts';

const withSettings = (settings: Record<string, string>) => ({
  ...policy,
  remedies: { 'disk-full': { ...remedyPolicy, settings } },
});

test("a document gets the attempt, the fence, the part, the operator's settings and every default", () => {
  const under = withSettings({ StopAtPercent: '70', CleanableFolders: '/srv/app/cache' });
  expect(
    scriptParameters({ ...repairRequest, fingerprint: { ...fingerprint, part: '/data' } }, diskFull, 12, under),
  ).toEqual({
    AttemptId: ['0123456789abcdef-01234567-1-attempt-1'],
    Fence: ['12'],
    MountPath: ['/data'],
    ThresholdPercent: ['90'],
    StopAtPercent: ['70'],
    AgeBy: ['change'],
    TemporaryAgeMinutes: ['1440'],
    RotatedLogAgeMinutes: ['1440'],
    PackageCacheAgeMinutes: ['60'],
    OversizedLogMebibytes: ['100'],
    JournalMebibytes: ['200'],
    CleanableFolders: ['/srv/app/cache'],
    CleanableAgeMinutes: ['1440'],
    CoreDumpAgeMinutes: ['10080'],
    ContainerCaches: ['off'],
    ContainerAgeDays: ['7'],
    ContainerLogMebibytes: ['0'],
    OldKernels: ['leave'],
    DeletedOpenFiles: ['report'],
    Expendable: ['command=batch-*'],
    Protected: ['user=postgres'],
  });
});

test("S15: what is expendable and what is protected come from the operator's lists only", () => {
  expect(scriptParameters(repairRequest, cpuSaturated, 1, policy)).toMatchObject({
    Expendable: ['command=batch-*'],
    Protected: ['user=postgres'],
  });
});

test('what is empty is left to the default of the document, which is empty too: SSM takes no empty text', () => {
  const sent = scriptParameters(repairRequest, cpuSaturated, 1, { ...policy, expendable: '', protected: '' });
  expect(Object.keys(sent).toSorted()).toEqual([
    'AttemptId',
    'Fence',
    'MaximumKills',
    'MinimumSharePercent',
    'SampleSeconds',
    'TermWaitSeconds',
    'ThresholdPercent',
  ]);
});

test.each([
  ['/data;reboot', 'disk-full: MountPath is "/data;reboot", allowed is ^/[A-Za-z0-9._/-]{0,200}$'],
  ['/$(id)', 'disk-full: MountPath is "/$(id)", allowed is ^/[A-Za-z0-9._/-]{0,200}$'],
  ['/data\n', 'disk-full: MountPath is "/data\\n", allowed is ^/[A-Za-z0-9._/-]{0,200}$'],
  ['', 'disk-full: MountPath is "", allowed is ^/[A-Za-z0-9._/-]{0,200}$'],
])('S14: the part %j reaches no script', (part, message) => {
  const request = { ...repairRequest, fingerprint: { ...fingerprint, part } };
  expect(() => scriptParameters(request, diskFull, 1, policy)).toThrow(new ContractError(message));
});

test('S14: a setting that does not match its pattern reaches no script', () => {
  const under = withSettings({ StopAtPercent: '80; reboot' });
  expect(() => scriptParameters(repairRequest, diskFull, 1, under)).toThrow(
    new ContractError('disk-full: StopAtPercent is "80; reboot", allowed is ^[1-9][0-9]?$'),
  );
});

test('S14: whatever the part, a script is sent only what its pattern matches', () => {
  const sent = (part: string) => {
    try {
      return scriptParameters({ ...repairRequest, fingerprint: { ...fingerprint, part } }, diskFull, 1, policy);
    } catch {
      return {};
    }
  };
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string().map((text) => `/${text}`),
      ),
      (part) => {
        const path = sent(part)['MountPath']?.[0] ?? '/';
        return !/[^A-Za-z0-9._/-]/.test(path);
      },
    ),
    { numRuns: 1000 },
  );
});

test('S14: the parameters of every document have strict patterns too', () => {
  expect(SYSTEM_PARAMETERS).toEqual({ AttemptId: '^[A-Za-z0-9-]{1,64}$', Fence: '^[0-9]{1,15}$' });
  expect(new RegExp(SYSTEM_PARAMETERS.AttemptId).test(repairRequest.attemptId)).toBe(true);
});
