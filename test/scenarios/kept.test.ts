import { PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OPT_OUT_TAG, OPT_IN_TAG } from '../../lambdas/core/names.ts';
import { BUNDLES } from '../../lib/function-code.ts';
import { synthesize } from '../../sandbox/stack/template.ts';
import { quickConfig } from './support/quick-config.ts';
import { until } from './until.ts';
import { World } from './world.ts';

const DROP_IN = '/etc/systemd/system/orders.service.d/50-self-healing.conf';
const MEASURE = '/usr/local/lib/self-healing/measure/service_restarts';

describe('what State Manager keeps on instances', () => {
  const folder = mkdtempSync(join(tmpdir(), 'self-healing-kept-'));
  let world: World;
  let first: string;
  let optedOut: string;

  const service = (id: string) =>
    world.look(
      id,
      `printf '[Service]\\nExecStart=/usr/bin/sleep infinity\\n' >/etc/sandbox-units/orders.service; systemctl start orders`,
    );
  /** Puts what the kept script measures, as the timer and the agent would. */
  const measure = async (): Promise<string> => {
    const measured = await world.look(first, `bash ${MEASURE}`);
    const [value, unit = ''] = measured.split(' ');
    const dimensions = { InstanceId: first, metric_type: 'gauge', service: unit };
    const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
    await world.aws.cloudWatch.send(
      new PutMetricDataCommand({
        Namespace: 'SelfHealing',
        MetricData: [{ MetricName: 'service_restarts', Value: Number(value), Dimensions }],
      }),
    );
    return measured;
  };

  beforeAll(async () => {
    world = await World.start({ instances: 0, config: quickConfig(30) });
    const optedIn = { [OPT_IN_TAG]: world.sandbox.stackName };
    [first = ''] = await world.sandbox.fleet.launch(1, optedIn);
    [optedOut = ''] = await world.sandbox.fleet.launch(1, { ...optedIn, [OPT_OUT_TAG]: '' });
    for (const id of [first, optedOut]) await service(id);
    const config = {
      ...quickConfig(30),
      services: [{ unit: 'orders.service', restartsOnHost: true }],
      keep: { first, measurements: { port: 18_125 }, ballast: { mebibytes: 16 } },
    };
    await world.sandbox.stack.deploy(synthesize(config, BUNDLES, mkdtempSync(join(folder, 'deployment-'))));
  });
  afterAll(async () => {
    await world.stop();
    rmSync(folder, { recursive: true });
  });

  test('S10, S26: is on the first instance when the deployment is done, and never on one that is opted out', async () => {
    expect(await world.look(first, `ls ${DROP_IN} ${MEASURE} /var/lib/self-healing/ballast`)).toBe(
      [DROP_IN, MEASURE, '/var/lib/self-healing/ballast'].join('\n'),
    );
    await until('the fleet was asked', () =>
      world.sandbox.ssm.associations.commands.some(
        ({ instanceIds, invocations }) =>
          instanceIds.includes(optedOut) && invocations.every(({ steps }) => steps.some(({ stdout }) => stdout !== '')),
      ),
    );
    expect(
      await world.look(optedOut, 'ls -A /usr/local/lib /etc/systemd/system; ls -d /var/lib/self-healing 2>&1 || :'),
    ).toMatch(/^\/etc\/systemd\/system:\n\n\/usr\/local\/lib:\nls: cannot access/);
  });

  test('a service that dies is running again at once; that is recorded, and nobody is told', async () => {
    await measure();
    await world.look(first, 'pkill -KILL -s "$(systemctl show --value -p MainPID orders)"');
    await until(
      'it runs again',
      async () =>
        (await world.look(first, 'systemctl show --value -p NRestarts orders; systemctl is-active orders || :')) ===
        '1\nactive',
    );
    expect(await measure()).toBe('1 orders.service');
    const record = await world.record('on-host');
    expect(record).toMatchObject({
      subject: `on-host#${first}#orders.service`,
      again: false,
      openedBy: 'self-healing-restarted-on-host',
    });
    expect(world.records('opened')).toEqual([]);
  });

  test('one that needs it again and again is told, once, though the alarm tells it twice', async () => {
    const event = world.contributorEvent('restarted-again', { InstanceId: first, service: 'orders.service' });
    await world.deliver(event);
    await world.deliver(event);
    await world.record('on-host', ({ again }) => again);
    const what = 'restarted by systemd again and again: orders.service';
    const message = await world.sandbox.subscriber.waitFor(({ subject }) => subject.includes(what), 30);
    expect(message?.text).toContain(first);
    expect(
      world.sandbox.subscriber.messages.filter(({ subject }) => subject.includes('restarted by systemd')),
    ).toHaveLength(1);
    expect(await world.deadLetters()).toBe(0);
  });
});
