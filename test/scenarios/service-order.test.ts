import type { Config } from '../../lib/config/config.ts';
import { iamRequests } from '../permissions/iam-requests.ts';
import { evaluate } from '../permissions/simulate.ts';
import { about } from './about.ts';
import { World } from './world.ts';

const CONFIG: Config = {
  stackName: 'self-healing',
  mode: 'act',
  services: [
    { unit: 'ledger.service' },
    { unit: 'orders.service', after: ['ledger.service'] },
    { unit: 'archive.service' },
  ],
  remedies: {
    'service-down': {
      soakSeconds: 100,
      cooldownSeconds: 0,
      settings: { ProbeSeconds: '2', StartSeconds: '5', StableSeconds: '1' },
    },
  },
};

describe('services that are down on two instances', () => {
  let world: World;
  beforeAll(async () => {
    // a dependency holds for 15 minutes of the clock: on a busy machine it must be healed within those
    world = await World.start({ instances: 2, speed: 10, config: CONFIG, alarms: false });
  });
  afterAll(() => world.stop());

  /** A unit that runs while /run/<name>-may is there, and is down now. */
  const makeDown = (instance: string, name: string, may: boolean) =>
    world.look(
      instance,
      `mkdir -p /srv/bin; cp /usr/bin/bash /srv/bin/${name}
      echo '[[ -e /run/${name}-may ]] || { echo "password=hunter2: no license"; exit 3; }; while :; do sleep 1000; done' >/srv/bin/${name}.sh
      printf '[Service]\\nExecStart=/srv/bin/${name} /srv/bin/${name}.sh\\n' >/etc/sandbox-units/${name}.service
      systemctl start ${name}; until [[ $(systemctl is-active ${name}) == failed ]]; do sleep 0.05; done
      ${may ? `: >/run/${name}-may` : ':'}`,
    );
  const deliver = (InstanceId: string, service: string) =>
    world.deliver(world.contributorEvent('service-down', { InstanceId, service }));
  const part =
    (instance: string, unit: string) =>
    (record: Parameters<ReturnType<typeof about>>[0]): boolean =>
      about(instance, 'service-down')(record) && record.fingerprint.part === unit;
  const repairs = (instance: string) =>
    world.commands('-service-down-repair-').filter(({ input }) => String(input['InstanceIds']) === instance);
  const starts = (instance: string, name: string) =>
    world.look(instance, `wc -l <${`/run/sandbox-units/${name}.starts`}`);

  test('one waits for the other on another instance; S25: a third, which cannot be healed, stops neither', async () => {
    const [first, second] = [world.instance(0), world.instance(1)];
    await makeDown(first, 'ledger', true);
    await makeDown(first, 'archive', false);
    await makeDown(second, 'orders', true);
    await deliver(first, 'ledger.service');
    await world.record('opened', part(first, 'ledger.service'));
    await deliver(second, 'orders.service');
    await deliver(first, 'archive.service');

    const held = await world.record('decided', part(second, 'orders.service'));
    expect(held.decision).toEqual({
      kind: 'hold',
      reason: 'dependency-down',
      detail: `it comes after ledger.service on ${first}, which is down itself; it waits for that, 900 s at most`,
      lookAgainAfterSeconds: 60,
    });
    const ledger = await world.record('closed', part(first, 'ledger.service'));
    expect(ledger).toMatchObject({
      because: 'recovered',
      attempts: [{ outcome: 'recovered', summary: 'ledger.service was restarted: runs, no probe' }],
    });
    const orders = await world.record('closed', part(second, 'orders.service'));
    expect(orders).toMatchObject({ because: 'recovered', attempts: [{ outcome: 'recovered' }] });
    expect(repairs(second).map(({ at }) => at >= Date.parse(ledger.at))).toEqual([true]);
    for (const [instance, name] of [
      [first, 'ledger'],
      [second, 'orders'],
    ] as const) {
      expect(await world.look(instance, `systemctl is-active ${name}`)).toBe('active');
    }
  });

  test('what is asked for that is allowed to those who decide and act, by their roles', async () => {
    const asked: string[] = [];
    for (const { name, role, accessKeyId } of world.sandbox.deployed.functions.values()) {
      const queries = world.calls('Query').filter((call) => call.accessKeyId === accessKeyId);
      for (const request of queries.flatMap((call) => iamRequests(call, () => ({})))) {
        asked.push(`${name}: ${await evaluate(world.sandbox.deployed.statements.get(role) ?? [], request)}`);
      }
    }
    expect(asked).toEqual(
      expect.arrayContaining(['self-healing-remediate-incident: Allowed', 'self-healing-run-command: Allowed']),
    );
    expect(asked.filter((one) => !one.endsWith(': Allowed'))).toEqual([]);
  });

  test('one that ends at each start is restarted once, and a person gets what it wrote, without the secret', async () => {
    const instance = world.instance(0);
    const escalated = await world.record('escalated', part(instance, 'archive.service'));
    expect(escalated).toMatchObject({
      reason: 'ladder-exhausted',
      attempts: [
        {
          outcome: 'not-recovered',
          summary:
            'archive.service failed: exit-code, exited 3; was restarted and is not well: failed: exit-code, exited 3',
        },
      ],
    });
    const told = await world.sandbox.subscriber.waitFor(({ text }) => text.includes(escalated.subject), 30);
    expect(told?.text).toMatch(/^seen {6}journalBefore: password=\[redacted\] no license$/m);
    expect(JSON.stringify([told, world.sandbox.records])).not.toContain('hunter2');
    // the first start is ours
    expect(await starts(instance, 'archive')).toBe('1');
  });

  test('and once its cause is gone a person has it restarted by name, and by no other than a configured one', async () => {
    const instance = world.instance(0);
    const heal = {
      request: 'heal',
      instanceId: instance,
      symptom: 'service-down',
      requestedBy: 'ada',
      reason: 'renewed',
    };
    expect(await world.ask({ ...heal, part: 'sshd.service' })).toEqual({
      error: '"part" is "sshd.service", allowed is ledger.service, orders.service, archive.service',
    });
    await world.look(instance, ': >/run/archive-may');
    expect(await world.ask({ ...heal, part: 'archive.service' })).toMatchObject({
      incidents: [{ about: `service-down on ${instance} archive.service`, became: 'tried-again' }],
    });
    expect(await world.record('closed', part(instance, 'archive.service'))).toMatchObject({ because: 'recovered' });
    expect(await world.look(instance, 'systemctl is-active archive')).toBe('active');
  });
});
