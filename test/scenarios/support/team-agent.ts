import type { AgentConfig } from '../../../lib/config/agent-config.ts';

/** A team's own agent, as its wizard would configure it: another namespace, and the device as a dimension. */
export const TEAM_AGENT = {
  name: 'team.json',
  configuration: `${JSON.stringify({
    metrics: {
      namespace: 'CWAgent',
      append_dimensions: { InstanceId: '${aws:InstanceId}' },
      metrics_collected: {
        cpu: { totalcpu: true, resources: [], measurement: ['cpu_usage_active'] },
        mem: { measurement: ['mem_used_percent'] },
        disk: { resources: ['*'], measurement: ['used_percent'] },
        processes: { measurement: ['zombies', 'total'] },
      },
    },
  })}\n`,
};

/** What the configuration says of it. */
export const TEAM_AGENT_ADOPTED: AgentConfig = {
  mode: 'adopt',
  namespace: 'CWAgent',
  dimensions: {
    disk_used_percent: ['InstanceId', 'path', 'device', 'fstype'],
    inodes_used_percent: ['InstanceId', 'metric_type', 'path'],
    cpu_usage_active: ['InstanceId', 'cpu'],
    mem_used_percent: ['InstanceId'],
    processes_zombies: ['InstanceId'],
    processes_total: ['InstanceId'],
  },
};
