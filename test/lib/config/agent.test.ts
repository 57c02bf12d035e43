import type { Config } from '../../../lib/config/config.ts';
import { ConfigError, defineConfig } from '../../../lib/config/define-config.ts';
import { configuredSlice, policyFromConfig } from '../../../lib/config/policy-from-config.ts';
import cpuSaturated from '../../../remedies/cpu-saturated/remedy.ts';
import diskFull from '../../../remedies/disk-full/remedy.ts';
import { slices } from '../../../remedies/index.ts';
import { detecting } from '../../../remedies/slice.ts';
import { CHORE_DOCUMENTS } from './chore-documents.ts';

const ADOPTED = {
  agent: {
    mode: 'adopt',
    namespace: 'CWAgent',
    dimensions: {
      disk_used_percent: ['InstanceId', 'path', 'device', 'fstype'],
      inodes_used_percent: ['InstanceId', 'metric_type', 'path'],
      cpu_usage_active: ['InstanceId', 'ImageId', 'cpu'],
      mem_used_percent: ['InstanceId', 'ImageId'],
      processes_zombies: ['InstanceId', 'ImageId'],
      processes_total: ['InstanceId', 'ImageId'],
    },
  },
} satisfies Config;

describe('the key agent', () => {
  test.each<[string, Config]>([
    ['report', { agent: { mode: 'report' } }],
    ['install', { agent: { mode: 'install', first: 'i-0123456789abcdef0' } }],
    ['install, by so many', { agent: { mode: 'install', first: 'i-0a1b2c3d', maxConcurrency: '5', maxErrors: '0' } }],
    ['adopt', ADOPTED],
  ])('%s is given back as it was written', (_, config) => {
    expect(defineConfig(config)).toBe(config);
  });

  /** As a configuration that was not written in TypeScript. */
  const written = (text: string): Config => JSON.parse(`{"agent": ${text}}`);
  const adopting = (dimensions: unknown) =>
    JSON.stringify({
      mode: 'adopt',
      namespace: 'CWAgent',
      dimensions: { ...ADOPTED.agent.dimensions, ...Object(dimensions) },
    });

  test.each([
    ['"install"', 'agent is "install": invalid input: expected object, received string'],
    ['{"mode": "auto"}', 'agent.mode is "auto": invalid option: expected one of "report"|"install"|"adopt"'],
    ['{}', 'agent.mode is missing: invalid option: expected one of "report"|"install"|"adopt"'],
    ['{"mode": "report", "first": "i-0123456789abcdef0"}', 'unknown key "first" in agent; allowed are mode'],
    [
      '{"mode": "install", "first": "i-0123456789abcdef0", "concurrency": "5"}',
      'unknown key "concurrency" in agent; allowed are mode, first, maxConcurrency, maxErrors',
    ],
    [
      '{"mode": "install"}',
      'agent.first is missing: allowed is the id of the instance that gets it first, such as i-0123456789abcdef0',
    ],
    [
      '{"mode": "install", "first": "*"}',
      'agent.first is "*": allowed is the id of an instance, such as i-0123456789abcdef0',
    ],
    [
      '{"mode": "install", "first": "i-0123456789abcdef0", "maxConcurrency": "0"}',
      'agent.maxConcurrency is "0": allowed are 1 to 9999999, or 1% to 100%',
    ],
    [
      '{"mode": "install", "first": "i-0123456789abcdef0", "maxErrors": "101%"}',
      'agent.maxErrors is "101%": allowed are 0 to 9999999, or 0% to 100%',
    ],
    [
      '{"mode": "adopt", "dimensions": {}}',
      "agent.namespace is missing: allowed is the namespace of your agent's metrics, such as CWAgent",
    ],
    [
      '{"mode": "adopt", "namespace": "AWS/EC2", "dimensions": {}}',
      'agent.namespace is "AWS/EC2": allowed are letters, digits and ._/#:-, not AWS/ at its start',
    ],
    [
      adopting({ disk_used: ['InstanceId', 'path'] }),
      `agent.dimensions.disk_used is watched by no remedy; allowed are ${slices.map(({ detection }) => detection.metricName).join(', ')}`,
    ],
    [
      adopting({ cpu_usage_active: undefined }),
      'agent.dimensions lacks cpu_usage_active, which cpu-saturated watches: say what your agent gives it, for example ["InstanceId","cpu"]',
    ],
    [
      adopting({ disk_used_percent: ['InstanceId', 'device'] }),
      'agent.dimensions.disk_used_percent is ["InstanceId","device"]: disk-full tells what is sick by InstanceId and path, it needs path',
    ],
    [
      adopting({ cpu_usage_active: ['AutoScalingGroupName'] }),
      'agent.dimensions.cpu_usage_active is ["AutoScalingGroupName"]: cpu-saturated tells what is sick by InstanceId, it needs InstanceId',
    ],
    [
      adopting({ cpu_usage_active: ['InstanceId', 'InstanceId'] }),
      'agent.dimensions.cpu_usage_active is ["InstanceId","InstanceId"]: each dimension is allowed once',
    ],
    [
      adopting({ cpu_usage_active: ['InstanceId', 'cpu) FROM'] }),
      'agent.dimensions.cpu_usage_active.1 is "cpu) FROM": allowed are a letter, letters, digits and _',
    ],
  ])('%s fails synth, and says what is allowed', (text, problem) => {
    expect(() => defineConfig(written(text))).toThrow(new ConfigError(`self-healing.config.ts: ${problem}`));
  });
});

describe('an adopted agent', () => {
  test('is looked for in its own namespace, by its own dimensions', () => {
    const names = { check: 'c', repair: 'r' };
    const documents = Object.fromEntries(slices.map(({ id }) => [id, names]));
    const policy = policyFromConfig(ADOPTED, documents, CHORE_DOCUMENTS);
    expect(policy).toMatchObject({ agentMode: 'adopt', metricNamespace: 'CWAgent' });
    const dimensions = detecting(policy.slices).map(({ id, detection }) => [id, detection.dimensions]);
    expect(Object.fromEntries(dimensions)).toMatchObject({
      'disk-full': ['InstanceId', 'path', 'device', 'fstype'],
      'inodes-exhausted': ['InstanceId', 'metric_type', 'path'],
      'cpu-saturated': ['InstanceId', 'ImageId', 'cpu'],
      zombies: ['InstanceId', 'ImageId'],
      'process-flood': ['InstanceId', 'ImageId'],
      // measured apart, by a timer of ours
      'service-down': ['InstanceId', 'metric_type', 'service'],
      // put by EC2 itself
      'instance-impaired': ['InstanceId'],
    });
    expect(policy.digest).not.toBe(policyFromConfig({}, documents, CHORE_DOCUMENTS).digest);
  });

  test.each<[string, Config]>([
    ['nothing is said', {}],
    ['the agent is ours', { agent: { mode: 'install', first: 'i-0123456789abcdef0' } }],
  ])('the dimensions are our own where %s', (_, config) => {
    expect(configuredSlice(diskFull, config).detection.dimensions).toEqual(['InstanceId', 'fstype', 'path']);
    expect(configuredSlice(cpuSaturated, config).detection.dimensions).toEqual(['InstanceId', 'cpu']);
  });
});
