import { AGENT_CONFIGURATION, agentConfiguration } from '../../../lib/agent/agent-document.ts';
import { isMeasuredApart, remediesOf } from '../../../lib/config/remedies-of.ts';
import { agentData, statsdNamespace } from '../../../sandbox/agent/agent-data.ts';

const MEASURED = {
  cpuUsageActivePercent: 12.5,
  memoryUsedPercent: 40,
  processesTotal: 9,
  processesZombies: 1,
  disks: [
    { path: '/', fstype: 'tmpfs', usedPercent: 55 },
    { path: '/data', fstype: 'tmpfs', usedPercent: 5 },
  ],
};
const put = (configuration: unknown) =>
  agentData(typeof configuration === 'string' ? configuration : JSON.stringify(configuration), 'i-1', MEASURED);
/** `disk_used_percent InstanceId=i-1 path=/ … 55` */
const lines = (configuration: unknown) =>
  put(configuration).data.map(({ MetricName, Dimensions, Value }) =>
    [MetricName, ...(Dimensions ?? []).map(({ Name, Value: of }) => `${Name}=${of}`), Value].join(' '),
  );
const withDisk = (disk: object, metrics: object = {}) => ({
  metrics: {
    append_dimensions: { InstanceId: '${aws:InstanceId}' },
    metrics_collected: { disk: { resources: ['*'], measurement: ['used_percent'], ...disk } },
    ...metrics,
  },
});

test('our configuration puts what the alarms watch, with the dimensions that they expect', () => {
  const { namespace, data } = put(AGENT_CONFIGURATION);
  expect(namespace).toBe('SelfHealing');
  // besides what AWS itself puts, and what remedies measure by their own scripts
  const watched = remediesOf({}).filter(
    (remedy) => !isMeasuredApart(remedy) && remedy.slice.detection.namespace === undefined,
  );
  expect(watched.length).toBeGreaterThan(3);
  for (const {
    slice: { detection },
  } of watched) {
    const named = data.filter(({ MetricName }) => MetricName === detection.metricName);
    expect(named.length).toBeGreaterThan(0);
    for (const { Dimensions } of named) {
      expect(new Set(Dimensions?.map(({ Name }) => Name))).toEqual(new Set(detection.dimensions));
    }
  }
  expect(lines(AGENT_CONFIGURATION)).toEqual([
    'cpu_usage_active InstanceId=i-1 cpu=cpu-total 12.5',
    'mem_used_percent InstanceId=i-1 40',
    'processes_total InstanceId=i-1 9',
    'processes_zombies InstanceId=i-1 1',
    'disk_used_percent InstanceId=i-1 path=/ fstype=xfs 55',
    'disk_used_percent InstanceId=i-1 path=/data fstype=xfs 5',
  ]);
});

test('a configuration without a namespace, and without dropping devices, is what the agent itself is given first', () => {
  expect(put(withDisk({})).namespace).toBe('CWAgent');
  expect(lines(withDisk({}))).toEqual([
    'disk_used_percent InstanceId=i-1 path=/ device=nvme0n1p1 fstype=xfs 55',
    'disk_used_percent InstanceId=i-1 path=/data device=nvme1n1 fstype=xfs 5',
  ]);
});

test('disks are chosen by their mount points and their type', () => {
  expect(lines(withDisk({ resources: ['/data'], drop_device: true }))).toEqual([
    'disk_used_percent InstanceId=i-1 path=/data fstype=xfs 5',
  ]);
  expect(lines(withDisk({ ignore_file_system_types: ['xfs'] }))).toEqual([]);
});

test('a measurement may bear its section as a prefix', () => {
  expect(lines(withDisk({ resources: ['/data'], measurement: ['disk_used_percent'] }))).toEqual([
    'disk_used_percent InstanceId=i-1 path=/data device=nvme1n1 fstype=xfs 5',
  ]);
});

test('what the sandbox does not know of the agent is an error, not left out', () => {
  expect(() => put(withDisk({ measurement: ['inodes_free'] }))).toThrow('does not measure disk_inodes_free');
  expect(() => put(withDisk({}, { aggregation_dimensions: [['InstanceId']] }))).toThrow('aggregation_dimensions');
});

test('what is measured apart goes where its metrics go, if it is told to take that', () => {
  expect(statsdNamespace(agentConfiguration(18_125))).toBe('SelfHealing');
  expect(statsdNamespace(AGENT_CONFIGURATION)).toBeUndefined();
});
