import { assertNever } from './assert-never.ts';
import type { InstanceFacts } from './facts.ts';
import { OPT_IN_TAG, OPT_OUT_TAG } from './names.ts';
import type { Policy } from './policy.ts';

/** Something that an instance lacks, and the command that mends it. */
export interface Missing {
  readonly what: string;
  readonly mend: string;
}

/** What keeps an instance from being rebooted, stopped or replaced: one that does not run, somebody stopped. */
export function missingToChange({ ec2State, instanceId }: InstanceFacts): Missing[] {
  if (ec2State === 'running') return [];
  return [{ what: `it is ${ec2State}`, mend: `aws ec2 start-instances --instance-ids ${instanceId}` }];
}

/** What keeps an instance from taking commands. */
export function missingToAct(instance: InstanceFacts, policy: Policy): Missing[] {
  const { instanceId, ssm } = instance;
  const stopped = missingToChange(instance);
  if (stopped.length > 0) return stopped;
  if (!instance.hasInstanceProfile && ssm === undefined) {
    return [
      {
        what: 'it has no instance profile, so that SSM cannot reach it',
        mend: `aws ec2 associate-iam-instance-profile --instance-id ${instanceId} --iam-instance-profile Name=<a profile with AmazonSSMManagedInstanceCore and CloudWatchAgentServerPolicy>`,
      },
    ];
  }
  if (ssm?.pingStatus !== 'Online') {
    return [
      {
        what: ssm === undefined ? 'SSM does not know it' : `SSM says ${ssm.pingStatus}`,
        mend: `on the instance: systemctl restart amazon-ssm-agent; then: aws ssm describe-instance-information --filters Key=InstanceIds,Values=${instanceId}`,
      },
    ];
  }
  if (ssm.platformType !== 'Linux') {
    return [
      {
        what: `its platform is ${ssm.platformType}, only Linux can be healed`,
        mend: `aws ec2 delete-tags --resources ${instanceId} --tags Key=${OPT_IN_TAG}`,
      },
    ];
  }
  if (!isAtLeast(ssm.agentVersion, policy.minimumAgentVersion)) {
    return [
      {
        what: `its SSM agent is ${ssm.agentVersion}, older than ${policy.minimumAgentVersion}, which passes parameters safely`,
        mend: `aws ssm send-command --document-name AWS-UpdateSSMAgent --instance-ids ${instanceId}`,
      },
    ];
  }
  return [];
}

/** Everything that keeps an instance from being healed; empty: it is ready. */
export function missingToHeal(instance: InstanceFacts, metricsArrive: boolean, policy: Policy): Missing[] {
  const missing = missingToAct(instance, policy);
  const { instanceId, tags } = instance;
  if (tags[OPT_IN_TAG] !== policy.stack) {
    missing.push({
      what: `it is not opted in to ${policy.stack}`,
      mend: `aws ec2 create-tags --resources ${instanceId} --tags Key=${OPT_IN_TAG},Value=${policy.stack}`,
    });
  }
  if (instance.optedOutBy.length > 0) {
    missing.push({
      what: `it is opted out by ${instance.optedOutBy.join(', ')}`,
      mend: `aws ec2 delete-tags --resources ${instance.optedOutBy.join(' ')} --tags Key=${OPT_OUT_TAG}`,
    });
  }
  if (!metricsArrive) missing.push(missingAgent(instanceId, policy));
  return missing;
}

/** What an instance without metrics lacks, by who cares for its agent. */
function missingAgent(instanceId: string, { agentMode, metricNamespace }: Policy): Missing {
  const silence = `in the last 10 minutes no metric of it arrived in ${metricNamespace}`;
  switch (agentMode) {
    case 'report':
      return {
        what: `no CloudWatch agent reports from it: ${silence}`,
        mend: `in self-healing.config.ts: agent: { mode: 'install', first: '${instanceId}' }, and deploy; by hand: docs/configuration.md, "The CloudWatch agent"`,
      };
    case 'install':
      return {
        what: `no CloudWatch agent of this stack reports from it: ${silence}; the roll-out did not reach it, left it alone or failed`,
        mend: `aws ssm describe-instance-associations-status --instance-id ${instanceId}; it must show its tags: aws ec2 modify-instance-metadata-options --instance-id ${instanceId} --instance-metadata-tags enabled`,
      };
    case 'adopt':
      return {
        what: `the adopted CloudWatch agent does not report from it: ${silence} with the dimensions that the configuration names`,
        mend: `compare them with: aws cloudwatch list-metrics --namespace ${metricNamespace} --dimensions Name=InstanceId,Value=${instanceId}`,
      };
    default:
      return assertNever(agentMode);
  }
}

/** Compares dotted versions number by number; what is not a version is not enough. */
export function isAtLeast(version: string, least: string): boolean {
  if (!/^\d+(\.\d+)*$/.test(version)) return false;
  const got = version.split('.').map(Number);
  const wanted = least.split('.').map(Number);
  for (const [place, want] of wanted.entries()) {
    const have = got[place] ?? 0;
    if (have !== want) return have > want;
  }
  return true;
}
