import { SANDBOX_CONFIG } from '../../sandbox/default-config.ts';
import { about } from './about.ts';
import { World } from './world.ts';

/** Bash that holds so many MiB, and then waits. */
const HOLD = `exec {rest}<> <(:); printf -v part '%*s' 262144 ''; held=() anonymous=0
while ((anonymous < $1 * 1024)); do
  held+=("$part")
  while read -r key value _; do [[ $key != RssAnon: ]] || anonymous=$value; done </proc/self/status
done
: >"/run/holds-$2"; while :; do read -r -t 1 -u "$rest" || :; done`;

describe('memory that runs short', () => {
  let world: World;
  let decoys: string;
  let batch: string;
  let orders: string;
  let store: string;
  // the three go side by side, each on an instance of its own
  beforeAll(async () => {
    const services = [{ unit: 'orders.service', memoryMebibytes: 40 }];
    world = await World.start({ instances: 3, speed: 24, config: { ...SANDBOX_CONFIG, services } });
    await Promise.all([breakIt(), grow(), fill()]);
  });
  afterAll(() => world.stop());

  const reportOf = (instance: string) => {
    const answer = world.records('acted').find(about(instance))?.answer;
    if (answer?.kind !== 'reported') throw new Error(`the repair gave no report: ${JSON.stringify(answer)}`);
    return answer.report;
  };
  /** Starts a program of that name that holds so much; its pid. */
  const hold = (instance: string, name: string, mebibytes: number) =>
    world.look(
      instance,
      `mkdir -p /run/holders; cp "$(readlink -f "$(command -v bash)")" /run/holders/${name}
      cat >/run/holders/hold.sh <<'END'\n${HOLD}\nEND
      setsid /run/holders/${name} /run/holders/hold.sh ${mebibytes} ${name} </dev/null >/dev/null 2>&1 &
      until [[ -e /run/holds-${name} ]]; do sleep 0.1; done; echo $!`,
    );
  /** Pid and start time, as long as that process is there. */
  const standing = (instance: string, pid: string) =>
    world.look(
      instance,
      `read -r -a stat </proc/${pid}/stat && echo "${pid} \${stat[21]} \${stat[2]/[RSD]/alive}" || echo gone`,
    );

  const breakIt = async () => {
    const instance = world.instance(0);
    await world.break('memory-pressure', instance, {});
    decoys = await world.look(instance, 'cat /run/sandbox-decoys-memory-pressure');
  };
  /** A service that leaks until it is started anew, beside what is expendable. */
  const grow = async () => {
    const instance = world.instance(1);
    batch = await standing(instance, await hold(instance, 'batch-report', 100));
    const script = `cat >/run/holders/orders.sh <<'END'\n[[ ! -e /run/holds-orders ]] || exec sleep infinity\n${HOLD}\nEND
      cp "$(readlink -f "$(command -v bash)")" /run/holders/orders
      echo 'ExecStart=/run/holders/orders /run/holders/orders.sh 148 orders' >/etc/sandbox-units/orders.service
      systemctl start orders; until [[ -e /run/holds-orders ]]; do sleep 0.1; done
      systemctl show --value -p MainPID orders`;
    orders = await world.look(instance, script);
  };
  const fill = async () => {
    store = await standing(world.instance(2), await hold(world.instance(2), 'postgres', 248));
  };

  test("is detected by the agent's metric, the hog is stopped, and what must be spared is", async () => {
    const instance = world.instance(0);
    const closed = await world.record('closed', about(instance, 'memory-pressure'));
    expect(closed).toMatchObject({
      because: 'recovered',
      attempts: [{ remedyId: 'memory-pressure', outcome: 'recovered' }],
    });
    expect(world.records('opened').find(about(instance))?.openedBy).toMatch(
      /^self-healing-memory-pressure( \(sweep\))?$/,
    );
    expect(reportOf(instance)).toMatchObject({
      counts: { cachesDropped: 0, restarted: 0, stopped: 1 },
      changes: [{ what: 'terminated', comm: 'batch-hoard', user: 'root' }],
    });
    expect(decoys.split('\n').map((line) => line.split(' ')[2])).toEqual(['ledger-store', 'busy-teller', 'batch-nap']);
    for (const line of decoys.split('\n')) {
      const [pid = '', start] = line.split(' ');
      expect(await standing(instance, pid)).toBe(`${pid} ${start} alive`);
    }
    expect(await world.look(instance, 'cat /run/sandbox-views/drop_caches')).toBe('');
    expect(await world.look(instance, 'pgrep -x batch-hoard || echo none')).toBe('none');
  });

  test('a service beyond its limit is restarted by its manager, and an expendable process need not be stopped', async () => {
    const instance = world.instance(1);
    const closed = await world.record('closed', about(instance, 'memory-pressure'));
    expect(closed.because).toBe('recovered');
    expect(reportOf(instance).changes).toMatchObject([{ what: 'restarted', unit: 'orders.service' }]);
    expect(await standing(instance, orders)).toBe('gone');
    expect(await world.look(instance, 'systemctl is-active orders')).toBe('active');
    expect(await standing(instance, batch.split(' ')[0] ?? '')).toBe(batch);
  });

  test('S15: where nobody who holds it may be stopped, a person is told who that is, and all live on', async () => {
    const instance = world.instance(2);
    const escalated = await world.record('escalated', about(instance, 'memory-pressure'));
    expect(escalated).toMatchObject({ reason: 'ladder-exhausted', attempts: [{ outcome: 'not-recovered' }] });
    expect(reportOf(instance)).toMatchObject({ changes: [], left: [{ why: 'not-expendable', count: 1 }] });
    const told = await world.sandbox.subscriber.waitFor(({ text }) => text.includes(escalated.subject), 30);
    expect(told?.text).toMatch(/topBefore: \d+ postgres root 24\d MiB/);
    expect(await standing(instance, store.split(' ')[0] ?? '')).toBe(store);
  });
});
