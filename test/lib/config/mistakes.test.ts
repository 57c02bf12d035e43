import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib';
import { handler } from '../../../lambdas/handlers/answer-request.ts';
import { type Config, SelfHealingStack } from '../../../lib/index.ts';
import { actSlices, slices } from '../../../remedies/index.ts';
import { policy } from '../../lambdas/core/samples.ts';
import { somebodysApp } from '../somebodys-app.ts';
import { queueStuck, remedyFolder } from './own-slice.ts';

/** A configuration that no type checker saw. */
const written = (text: string): Config => JSON.parse(text);
const deploy = (app: App, config: Config, id = 'Healing', bundleFolder?: string) =>
  new SelfHealingStack(app, id, { config, ...(bundleFolder === undefined ? {} : { bundleFolder }) });
/** Every remedy of the system, whichever there are. */
const REMEDIES = [...slices, ...actSlices].map(({ id }) => id).join(', ');
const folder = remedyFolder();
const bare = remedyFolder({ 'check.sh': undefined });

describe('synth fails, and says what to mend', () => {
  test.each<[mistake: string, synth: (app: App) => unknown, message: string]>([
    [
      'no configuration',
      (app) => deploy(app, written('null')),
      'self-healing.config.ts: the configuration is null: invalid input: expected object, received null',
    ],
    [
      'a name that is a number',
      (app) => deploy(app, written('{"stackName": 7}')),
      'self-healing.config.ts: stackName is 7: invalid input: expected string, received number',
    ],
    [
      'an unknown key',
      (app) => deploy(app, written('{"modes": "act"}')),
      'self-healing.config.ts: unknown key "modes"; allowed are stackName, mode, remedies, ownRemedies, expendable, protected, services, maintenance, agent, keep, notifications, warmUpSeconds',
    ],
    [
      'an agent that is to be installed on all at once',
      (app) => deploy(app, { agent: { mode: 'install', first: '*' } }),
      'self-healing.config.ts: agent.first is "*": allowed is the id of an instance, such as i-0123456789abcdef0',
    ],
    [
      'a threshold that no disk reaches',
      (app) => deploy(app, { remedies: { 'disk-full': { thresholdPercent: 101 } } }),
      'self-healing.config.ts: remedies.disk-full.thresholdPercent is 101: too big: expected number to be <=99',
    ],
    [
      'a threshold below which nothing would be cleaned',
      (app) => deploy(app, { remedies: { 'disk-full': { thresholdPercent: 80 } } }),
      'self-healing.config.ts: remedies.disk-full: StopAtPercent is 80, it must be below the threshold of 80: else nothing is ever cleaned',
    ],
    [
      'a threshold in another unit',
      (app) => deploy(app, { remedies: { 'cpu-saturated': { thresholdCount: 3 } } }),
      'self-healing.config.ts: unknown key "thresholdCount" in remedies.cpu-saturated; allowed are mode, thresholdPercent, soakSeconds, cooldownSeconds, settings',
    ],
    [
      'a remedy that does not exist',
      (app) => deploy(app, { remedies: { 'disk-ful': { mode: 'act' } } }),
      `self-healing.config.ts: unknown key "disk-ful" in remedies; allowed are the remedies ${REMEDIES}`,
    ],
    [
      'a setting that does not exist',
      (app) => deploy(app, { remedies: { 'cpu-saturated': { settings: { Kills: '1' } } } }),
      'self-healing.config.ts: remedies.cpu-saturated.settings.Kills does not exist; allowed are SampleSeconds, MinimumSharePercent, MaximumKills, TermWaitSeconds',
    ],
    [
      'Slack, which is not offered',
      (app) => deploy(app, written('{"notifications": {"slack": {"channel": "#oncall"}}}')),
      'self-healing.config.ts: unknown key "slack" in notifications; allowed are criticalEmails, warningEmails, selfAlarmEmails',
    ],
    [
      'a remedy of their own without its check',
      (app) => deploy(app, { ownRemedies: { folder: bare, slices: [queueStuck] } }),
      `self-healing.config.ts: ownRemedies.slices.0 (queue-stuck): there is no ${bare}/queue-stuck/check.sh`,
    ],
    [
      'a remedy of their own whose alarm could never fire',
      (app) => {
        const detection = { ...queueStuck.detection, datapointsToAlarm: 5 };
        deploy(app, { ownRemedies: { folder, slices: [{ ...queueStuck, detection }] } });
      },
      'self-healing.config.ts: ownRemedies.slices.0 (queue-stuck): detection wants 5 datapoints of 2 periods: its alarm could never fire',
    ],
    [
      'a remedy of their own that takes the name of another',
      (app) => deploy(app, { ownRemedies: { folder, slices: [queueStuck, queueStuck] } }),
      'self-healing.config.ts: ownRemedies.slices.1 (queue-stuck): the id "queue-stuck" is taken; give it another',
    ],
    [
      'two stacks with one tag value',
      (app) => {
        deploy(app, { stackName: 'fleet' }, 'Shop');
        deploy(app, { stackName: 'fleet' }, 'Bank');
      },
      'two stacks are named "fleet": Shop/Default and Bank/Default; both would act on the same instances: give one another "stackName", or each the "env" where it is deployed',
    ],
    [
      'bundles that were not built',
      (app) => deploy(app, {}, 'Healing', '/nowhere/dist'),
      'no bundle at /nowhere/dist/run-command: run "npm run build" first',
    ],
  ])('%s', (_, synth, message) => {
    // the whole message, not a part of it
    let said = 'nothing';
    try {
      synth(somebodysApp());
    } catch (error) {
      said = error instanceof Error ? error.message : String(error);
    }
    expect(said).toBe(message);
  });
});

describe('the first request fails, and says what to mend', () => {
  const deployed = mkdtempSync(join(tmpdir(), 'first-request-'));
  const variables = { ...process.env };
  let log: jest.SpyInstance;

  beforeEach(() => {
    process.env['LAMBDA_TASK_ROOT'] = deployed;
    log = jest.spyOn(console, 'log').mockImplementation(() => {});
  });
  afterEach(() => {
    log.mockRestore();
    process.env = { ...variables };
  });
  afterAll(() => rmSync(deployed, { recursive: true }));

  const pause = { request: 'pause', requestedBy: 'ana', reason: 'a try' };

  test('a function without its policy', async () => {
    await expect(handler(pause)).rejects.toThrow(
      `the policy ${deployed}/policy.json cannot be read: this function was not deployed by its stack`,
    );
  });

  test('a function with half a policy', async () => {
    writeFileSync(join(deployed, 'policy.json'), '{"stack": "fle');
    await expect(handler(pause)).rejects.toThrow(
      `the policy ${deployed}/policy.json cannot be read: this function was not deployed by its stack`,
    );
  });

  test('a function without its table', async () => {
    writeFileSync(join(deployed, 'policy.json'), JSON.stringify(policy));
    await expect(handler(pause)).rejects.toThrow(
      'the environment variable STATE_TABLE is missing: this function was not deployed by its stack',
    );
  });

  test.each<[request: unknown, message: string]>([
    [
      'pause',
      'a request is a JSON object, got "pause"; for example {"request": "heal", "instanceId": "i-0123456789abcdef0", "requestedBy": "who", "reason": "why"}',
    ],
    [
      { request: 'restart' },
      '"request" is "restart", allowed are heal, check-health, maintain, pause, resume; for example {"request": "heal", "instanceId": "i-0123456789abcdef0", "requestedBy": "who", "reason": "why"}',
    ],
    [
      { request: 'resume', requestedBy: 'ana' },
      '"resume" needs "reason", got nothing; for example {"request": "heal", "instanceId": "i-0123456789abcdef0", "requestedBy": "who", "reason": "why"}',
    ],
    [
      { ...pause, instanceId: 'i-0123456789abcdef0' },
      '"pause" takes no "instanceId", got "i-0123456789abcdef0"; allowed is none: it is for the whole stack',
    ],
    [
      { request: 'heal', instance: 'i-0123456789abcdef0' },
      'unknown key "instance"; allowed are request, instanceId, symptom, part, chore, preview, requestedBy, reason',
    ],
    [
      { request: 'heal', instanceId: '*', requestedBy: 'ana', reason: 'all of them' },
      '"instanceId" must name one instance, got "*"; allowed is i- and 8 to 17 hexadecimal digits, never a wildcard or nothing',
    ],
  ])('%j', async (request, message) => {
    expect(await handler(request)).toEqual({ error: message });
  });
});
