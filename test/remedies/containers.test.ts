import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { type Namespace, type Result, readResult, startNamespace } from './namespace.ts';

let namespace: Namespace;
const repair = async (parameters: Record<string, string> = {}): Promise<Result> =>
  readResult(
    await namespace.script('disk-full', 'repair', {
      MountPath: '/',
      ThresholdPercent: '5',
      StopAtPercent: '4',
      ContainerCaches: 'unused',
      ...parameters,
    }),
  );
const counts = (result: Result) => Object.fromEntries(result.left.map(({ why, count }) => [why, count]));
const id = (letter: string) => letter.repeat(64);
const kept = (runtime = 'docker') =>
  namespace.ask(
    `cd /var/lib/${runtime}; find dangling named containers volumes build-cache -type f -printf '%P\\n' | cut -c 1-9 | sort | xargs`,
  );

/** Gives the namespace a runtime with images old (a), young (b), of a stopped container (c), untagged of late (d), in use by name (e). */
async function bringRuntime(runtime: 'docker' | 'podman'): Promise<void> {
  await namespace.ask('mkdir -p /given/bin');
  cpSync(join(import.meta.dirname, 'container-runtime.sh'), join(namespace.given, 'bin', runtime));
  await namespace.ask(`chmod +x /given/bin/*; mkdir -p /var/lib/${runtime}/{dangling,named,containers,volumes,build-cache}; cd /var/lib/${runtime}
    for image in ${['a', 'b', 'c', 'd'].map(id).join(' ')}; do head -c 9M /dev/zero >dangling/$image; touch -d '30 days ago' dangling/$image; done
    touch -d '2 days ago' dangling/${id('b')}
    head -c 9M /dev/zero >named/${id('e')}; echo data >volumes/orders-data; touch -d '90 days ago' volumes/* named/*
    echo 'sha256:${id('c')}' >containers/${id('1')}; echo 'sha256:${id('e')}' >containers/${id('2')}
    head -c 9M /dev/zero >build-cache/cold; head -c 9M /dev/zero >build-cache/warm; touch -d '30 days ago' build-cache/cold
    at() { date -d "$1 days ago" +%s; }
    printf '%s\\n' "$(at 10) container {\\"id\\":\\"${id('2')}\\",\\"image\\":\\"web\\"}" "$(at 3) image {\\"id\\":\\"sha256:${id('d')}\\",\\"status\\":\\"untag\\"}" \
      "$(at 2) container {\\"id\\":\\"${id('2')}\\",\\"image\\":\\"web\\"}" >events`);
}

beforeEach(async () => {
  namespace = await startNamespace({ rootMiB: 200 });
});
afterEach(async () => namespace.close());

test.each(['docker', 'podman'] as const)(
  'S13: of %s only images without a name go that nothing used within the limit; no volume, no container',
  async (runtime) => {
    await bringRuntime(runtime);
    const before = await kept(runtime);
    expect(before).toBe('111111111 222222222 aaaaaaaaa bbbbbbbbb ccccccccc cold ddddddddd eeeeeeeee orders-da warm\n');
    const result = await repair();
    expect(await kept(runtime)).toBe(
      `111111111 222222222 bbbbbbbbb ccccccccc ${runtime === 'docker' ? '' : 'cold '}ddddddddd eeeeeeeee orders-da warm\n`,
    );
    expect(result.counts['containerImages']).toBe(1);
    expect(counts(result)).toMatchObject({
      'images younger than the limit': 1,
      'images that were used within the limit': 2,
    });
    expect(result.changes[0]).toEqual({
      what: 'removed image',
      runtime,
      image: 'sha256:aaaaaaaaaaaa',
      bytes: 9_437_184,
    });
    const calls = await namespace.ask(`cat /run/${runtime}-calls`);
    expect(calls).not.toMatch(/volume|system|prune --all|-a |-f |container (rm|prune)|^rm/m);
    const { place } = result.manifest as { place: string };
    expect(await namespace.ask(`zcat ${place} | grep -c '${runtime} image sha256:${id('a')}'`)).toBe('1\n');
  },
);

test('S13: where a container has gone within the limit no image is removed, for its image may be any', async () => {
  await bringRuntime('docker');
  await namespace.ask(
    `echo "$(date -d '1 day ago' +%s) container {\\"id\\":\\"${id('9')}\\",\\"image\\":\\"web\\"}" >>/var/lib/docker/events`,
  );
  const result = await repair();
  expect(result.counts['containerImages']).toBe(0);
  expect(counts(result)).toMatchObject({ 'images of docker, for it cannot be told which were used': 1 });
  expect(await kept()).toContain('aaaaaaaaa bbbbbbbbb ccccccccc ddddddddd');
});

test.each([
  ['do not reach back', 'sed -i 1d /var/lib/docker/events'],
  ['cannot be read', ': >/var/lib/docker/events-fail'],
])('S13: where the events of containers %s no image is removed', async (_, bash) => {
  await bringRuntime('docker');
  await namespace.ask(bash);
  expect((await repair()).counts['containerImages']).toBe(0);
  expect(await kept()).toContain('aaaaaaaaa');
});

test('nothing of a runtime is asked for by default, nor where it keeps its files on another disk', async () => {
  await bringRuntime('docker');
  expect((await repair({ ContainerCaches: 'off' })).result).toBe('nothing-to-do');
  expect(await namespace.run('ls /run/docker-calls')).toMatchObject({ code: 2 });
  await namespace.ask('mkdir /data/docker; mount --bind /data/docker /var/lib/docker');
  expect((await repair()).result).toBe('nothing-to-do');
  expect(await namespace.ask('cut -d " " -f 1 /run/docker-calls | sort -u')).toBe('info\n');
});

test('a runtime that does not answer is said, and crictl is never asked to remove anything', async () => {
  await namespace.ask(`mkdir -p /given/bin /var/lib/containerd; head -c 20M /dev/zero >/srv/data
    printf '#!/bin/bash\\nexit 1\\n' >/given/bin/docker; printf '#!/bin/bash\\necho "$*" >>/run/crictl-calls\\n' >/given/bin/crictl; chmod +x /given/bin/*`);
  expect(counts(await repair())).toMatchObject({
    'images of docker, which does not answer': 1,
    'images of containerd, which the kubelet removes itself': 1,
  });
  expect(await namespace.run('cat /run/crictl-calls')).toMatchObject({ code: 1, stdout: '' });
});

test('S11: docker’s logs of containers are cut to whole lines where the setting says so; no other file below /var/lib is touched', async () => {
  const log = `/var/lib/docker/containers/${id('1')}/${id('1')}-json.log`;
  await namespace.ask(`mkdir -p /var/lib/docker/containers/${id('1')}/mounts /var/lib/docker/containers/${id('2')} /srv; cd /var/lib/docker/containers
    seq -f '{"log":"line %.0f"}' 1 300000 >${log}; cp ${log} ${id('1')}/config.v2.json; cp ${log} ${id('1')}/mounts/${id('1')}-json.log; cp ${log} /srv/target
    ln -s /srv/target ${id('2')}/${id('2')}-json.log; cp ${log} other-json.log`);
  expect((await repair()).result).toBe('nothing-to-do');
  const result = await repair({ ContainerLogMebibytes: '2' });
  expect(result.changes).toMatchObject([{ what: 'shortened', path: log }]);
  expect(await namespace.ask(`head -c 8 ${log}; tail -n 1 ${log}; wc -c <${log}`)).toMatch(
    /^\{"log":"\{"log":"line 300000"\}\n10485\d\d\n$/,
  );
  expect(await namespace.ask('find /var/lib/docker /srv -type f -size +2M | wc -l')).toBe('4\n');
});

test('S11: where the folder of containers is a link, its logs stay', async () => {
  await namespace.ask(`mkdir -p /var/lib/docker /srv/elsewhere/${id('1')}; ln -s /srv/elsewhere /var/lib/docker/containers
    head -c 20M /dev/zero >/srv/elsewhere/${id('1')}/${id('1')}-json.log`);
  const result = await repair({ ContainerLogMebibytes: '2' });
  expect(counts(result)).toMatchObject({ 'refused /var/lib/docker/containers: not its own resolved path': 1 });
  expect(result.result).toBe('nothing-to-do');
});
