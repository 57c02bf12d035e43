import type { SandboxInstance } from '../instance/instance.ts';
import { parseStat } from '../instance/process-table.ts';

const TRANSLATED = '/opt/aws/amazon-cloudwatch-agent/etc/amazon-cloudwatch-agent.toml';
/** Where the instance's `systemctl` notes the pid and start time of what it started. */
const UNIT = '/run/sandbox-units/amazon-cloudwatch-agent.pid';

/** The configuration by which an instance's CloudWatch agent runs; `undefined` where none runs. */
export function runningConfiguration(instance: SandboxInstance): string | undefined {
  const [pid, startTicks] = instance.readFile(UNIT)?.trim().split(' ').map(Number) ?? [];
  if (pid === undefined) return undefined;
  const stat = parseStat(pid, instance.readFile(`/proc/${pid}/stat`) ?? '');
  if (stat === undefined || stat.startTicks !== startTicks || stat.state === 'Z') return undefined;
  return instance.readFile(TRANSLATED);
}
