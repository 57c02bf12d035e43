import { readResult } from './namespace.ts';
import { startScript } from './parents.ts';
import {
  check,
  countOf,
  isAlive,
  namespace,
  NOTE_HELD,
  parameters,
  READY,
  repair,
  script,
  spread,
  startMany,
  stateOf,
  WAIT,
} from './process-flood.ts';

describe('S16: signals', () => {
  test('S16: what ignores TERM gets KILL after the wait', async () => {
    const pid = await startScript(
      namespace,
      'batch-stubborn',
      `import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n${spread(80)}${READY}\n${WAIT}`,
    );
    expect((await repair()).changes).toMatchObject([{ what: 'killed', pid, processes: 80 }]);
  });

  test('S16: TERM comes first, and is heard before KILL', async () => {
    await startScript(
      namespace,
      'batch-tidy',
      `import os, signal
def tidy(*_):
    open(f'/run/tidied-{os.getpid()}', 'w').close()
    os._exit(0)
signal.signal(signal.SIGTERM, tidy)
${spread(70)}${READY}\n${WAIT}`,
    );
    expect((await repair({ TermWaitSeconds: '9' })).changes).toMatchObject([{ what: 'terminated', processes: 70 }]);
    expect(await namespace.ask('ls /run | grep -c tidied')).toBe('70\n');
  });

  /** What a program does where the repair asks a unit for its main process: after it judged, before it holds. */
  const meanwhile = (main: number, bash: string) =>
    namespace.ask(
      `mkdir -p /given/bin; echo '0::/system.slice/batch.service' >/run/cgroup
    mount --bind /run/cgroup /proc/${main}/cgroup
    printf '#!/bin/bash\n%s\n' "$DO" >/given/bin/systemctl; chmod +x /given/bin/systemctl`,
      { DO: bash },
    );

  test('S16: a stranger that was given the pid meanwhile is not signalled', async () => {
    const main = await startScript(namespace, 'batch-spawn', `${spread(80)}${READY}\n${WAIT}`);
    // one whose pid is no group's, for it could not be given away
    const pid = Number(await namespace.ask(`pgrep -P ${main} | head -n 1`));
    await namespace.ask('cp /usr/bin/sleep /run/batch-stranger');
    await meanwhile(
      main,
      `kill -9 ${pid}
umount /proc/${main}/cgroup
kill -9 ${main}
while [[ -e /proc/${pid} ]]; do :; done
until [[ -e /proc/${pid} ]]; do
  echo $((${pid} - 1)) >/proc/sys/kernel/ns_last_pid
  /run/batch-stranger 1000 </dev/null >/dev/null 2>&1 &
done`,
    );
    expect(await repair()).toMatchObject({ counts: { stopped: 1, processesStopped: 78 } });
    expect(await namespace.ask(`cat /proc/${pid}/comm`)).toBe('batch-stranger\n');
    expect(await isAlive(pid)).toBe(true);
  });

  test('S15, S16: who became another program meanwhile is not even held, though it is the same process', async () => {
    const pid = await startScript(
      namespace,
      'batch-spawn',
      `${spread(80)}${READY}
while not os.path.exists('/run/go'): time.sleep(0.01)
os.execl('/srv/ledger', 'ledger')`,
    );
    await namespace.ask('{ head -n 1 /srv/batch-spawn; printf "%s" "$LEDGER"; } >/srv/ledger; chmod +x /srv/ledger', {
      LEDGER: `${NOTE_HELD}open('/run/changed', 'w').close()\n${WAIT}`,
    });
    await meanwhile(pid, ': >/run/go; until [[ -e /run/changed ]]; do :; done');
    expect(await repair()).toMatchObject({ counts: { stopped: 1, processesStopped: 79 } });
    expect(await namespace.ask(`cat /proc/${pid}/comm`)).toBe('ledger\n');
    expect(await stateOf(pid)).toMatch(/^S/);
    expect((await namespace.run('ls /run/went-on')).code).not.toBe(0);
  });
});

describe('S22: killed while it holds', () => {
  const held = async () => Number(await namespace.ask('ps -eo stat=,comm= | grep -c "^T.*batch-" || true'));
  const killed = async () => {
    await startMany('batch-task', 80);
    // the script does not go before who waits for it, which needs no process to kill it
    await namespace.ask(`mkdir -p /given/bin; printf '#!/bin/bash\n' >/given/bin/renice
      printf '#!/bin/bash\necho $$ >/run/script-pid\nexec "$@"\n' >/given/noted; chmod +x /given/bin/renice /given/noted`);
    const running = namespace.script('process-flood', 'repair', parameters, '/given/noted');
    await namespace.ask(`exec {rest}<> <(:); pause() { read -r -t 0.002 -u "$rest" || true; }
      until [[ -s /run/script-pid ]]; do pause; done; read -r pid </run/script-pid; PATH=/usr/bin renice -n -20 -p $$ >/dev/null
      held=(); until ((\${#held[@]} > 1)); do pause; [[ ! -e /run/self-healing/held ]] || mapfile -t held </run/self-healing/held; done
      kill -KILL "$pid"; rm /given/bin/renice`);
    expect(await running).toMatchObject({ code: -1, stdout: '' });
    expect(await held()).toBeGreaterThan(0);
  };

  test('S22: the undo has them go on, and the next attempt stops all', async () => {
    await killed();
    const count = await held();
    expect(readResult(await script('undo'))).toMatchObject({ result: 'changed', counts: { letGo: count } });
    expect([await held(), await countOf('batch-task')]).toEqual([0, 80]);
    expect(readResult(await script('undo'))).toMatchObject({ result: 'nothing-to-do' });
    expect(await repair()).toMatchObject({ counts: { processesStopped: 80 } });
  });

  test('S22: the next attempt has them go on where there is nothing to do any more', async () => {
    await killed();
    expect(await repair({ ThresholdCount: '1000' })).toMatchObject({ result: 'already-healthy' });
    expect([await held(), await countOf('batch-task')]).toEqual([0, 80]);
  });

  test('S16: who was given the pid of one that was held is not told to go on', async () => {
    const [pid = 0] = await startMany('ledger', 1);
    await namespace.ask(`mkdir -m 700 /run/self-healing; echo "${pid} 1" >/run/self-healing/held; kill -STOP ${pid}`);
    expect(readResult(await script('undo'))).toMatchObject({ result: 'nothing-to-do', counts: { letGo: 0 } });
    expect(await stateOf(pid)).toMatch(/^T/);
  });
});

test('S21: of two attempts at once one works and the other says busy', async () => {
  await startMany('batch-task', 80);
  await namespace.ask(`mkdir -p /given/bin; cat >/given/bin/renice <<'END'
#!/bin/bash
: >/run/looking; until [[ -e /run/go ]]; do sleep 0.05; done
END
    chmod +x /given/bin/renice`);
  const first = repair({ AttemptId: 'first' });
  await namespace.ask('until [[ -e /run/looking ]]; do sleep 0.05; done');
  expect(await repair({ AttemptId: 'second' })).toMatchObject({
    result: 'busy',
    summary: 'first is acting on this instance',
  });
  await namespace.ask(': >/run/go');
  expect((await first).result).toBe('changed');
});

test('where bash ended because it could start no process, the script begins anew', async () => {
  await startMany('batch-task', 80);
  await namespace.ask(`mkdir -p /given/bin; cat >/given/bin/mkdir <<'END'
#!/bin/bash
[[ "$*" != '-- /run/self-healing/work' || -e /run/failed ]] || { : >/run/failed; exit 254; }
exec /usr/bin/mkdir "$@"
END
    chmod +x /given/bin/mkdir`);
  const finished = await script('repair');
  expect(finished.stderr).toBe('no process could be started; the script begins anew\n');
  expect(readResult(finished)).toMatchObject({ result: 'changed', counts: { processesStopped: 80 } });
});

describe('names', () => {
  test('of processes are read right, carried out by nobody, and shown harmlessly', async () => {
    const names = [
      'batch-a\n;b',
      'batch-) Z 1 (',
      'batch-\u001b[31m',
      'batch-"\\',
      'batch-$(>x)',
      'batch- 1 2',
      'batch-a[$(>x)]',
    ];
    for (const name of names) await startMany(name, 12);
    expect(await check()).toMatchObject({ code: 1, stderr: '' });
    const finished = await script('repair', { MaximumKills: '9' });
    const result = readResult(finished);
    expect(result.counts['processesStopped']).toBeGreaterThan(24);
    expect(JSON.stringify(result)).toMatch(/^[\x20-\x7e]*$/);
    expect(finished.stderr).toBe('');
    expect((await namespace.run('ls /x')).code).not.toBe(0);
  });

  test('S31: a secret in an argument or a name appears nowhere in what is said', async () => {
    await startMany('token=hunter2', 40);
    await namespace.ask(`cp /usr/bin/bash /run/batch-job
      for n in {1..40}; do setsid /run/batch-job -c 'while :; do read -r; done' --password=hunter2 <> <(:) >/dev/null 2>&1 & done`);
    await namespace.ask('until (($(pgrep -c batch-job) == 40)); do sleep 0.05; done');
    const seen = await check();
    const finished = await script('repair');
    expect(readResult(finished).counts).toMatchObject({ stopped: 1 });
    expect(seen.stdout + finished.stdout + finished.stderr).not.toContain('hunter2');
  });
});

test('S14: parameters that are not of their pattern are refused, and the check says unknown', async () => {
  await startMany('batch-task', 80);
  const refused: Record<string, string>[] = [
    { MinimumSharePercent: '100' },
    { SampleSeconds: '1; reboot' },
    { MaximumKills: 'all' },
    { TermWaitSeconds: '' },
    { Expendable: 'batch-*' },
    { Protected: 'command=a;$(id)' },
  ];
  for (const parameter of refused) {
    expect({ parameter, ...(await repair(parameter)) }).toMatchObject({
      parameter,
      result: 'refused',
      reason: 'bad-parameter',
    });
  }
  expect(await check({ ThresholdCount: '0' })).toMatchObject({
    code: 2,
    stdout: 'a parameter is not of its pattern\n',
  });
  expect(await repair({ ThresholdCount: '0' })).toMatchObject({ result: 'unknown', reason: 'symptom-unknown' });
  expect(await countOf('batch-task')).toBe(80);
});
