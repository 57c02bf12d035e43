import { isAtLeast, missingToAct, missingToHeal } from '../../../lambdas/core/readiness.ts';
import type { InstanceFacts } from '../../../lambdas/core/facts.ts';
import { instance, policy } from './samples.ts';

const { ssm: _, ...unmanaged } = instance;
const without = { ...unmanaged, ssm: undefined };

describe('what keeps an instance from taking commands', () => {
  test('nothing, where it runs and its agent is online and new enough', () => {
    expect(missingToAct(instance, policy)).toEqual([]);
  });

  test.each<[string, InstanceFacts, string, string]>([
    [
      'it does not run',
      { ...instance, ec2State: 'stopped' },
      'it is stopped',
      'aws ec2 start-instances --instance-ids i-0123456789abcdef0',
    ],
    [
      'it has no instance profile',
      { ...without, hasInstanceProfile: false },
      'it has no instance profile, so that SSM cannot reach it',
      'aws ec2 associate-iam-instance-profile --instance-id i-0123456789abcdef0 --iam-instance-profile Name=<a profile with AmazonSSMManagedInstanceCore and CloudWatchAgentServerPolicy>',
    ],
    [
      'SSM never heard of it',
      without,
      'SSM does not know it',
      'on the instance: systemctl restart amazon-ssm-agent; then: aws ssm describe-instance-information --filters Key=InstanceIds,Values=i-0123456789abcdef0',
    ],
    [
      'its agent is silent',
      { ...instance, ssm: { pingStatus: 'ConnectionLost', agentVersion: '3.3.3598.0', platformType: 'Linux' } },
      'SSM says ConnectionLost',
      'on the instance: systemctl restart amazon-ssm-agent; then: aws ssm describe-instance-information --filters Key=InstanceIds,Values=i-0123456789abcdef0',
    ],
    [
      'its platform is not one whose scripts exist',
      { ...instance, ssm: { pingStatus: 'Online', agentVersion: '3.3.3598.0', platformType: 'Windows' } },
      'its platform is Windows, only Linux can be healed',
      'aws ec2 delete-tags --resources i-0123456789abcdef0 --tags Key=self-healing:stack',
    ],
    [
      'S14: its agent is too old to pass parameters as environment',
      { ...instance, ssm: { pingStatus: 'Online', agentVersion: '3.3.2745.9', platformType: 'Linux' } },
      'its SSM agent is 3.3.2745.9, older than 3.3.2746.0, which passes parameters safely',
      'aws ssm send-command --document-name AWS-UpdateSSMAgent --instance-ids i-0123456789abcdef0',
    ],
  ])('%s', (__, sick, what, mend) => {
    expect(missingToAct(sick, policy)).toEqual([{ what, mend }]);
  });

  test('an instance managed without a profile of its own is reachable all the same', () => {
    expect(missingToAct({ ...instance, hasInstanceProfile: false }, policy)).toEqual([]);
  });
});

describe('what keeps an instance from being healed', () => {
  test('nothing, where it is opted in and its metrics arrive', () => {
    expect(missingToHeal(instance, true, policy)).toEqual([]);
  });

  test('everything that is wrong, each with the command that mends it', () => {
    const sick = { ...instance, ec2State: 'stopping', tags: {}, optedOutBy: ['i-0123456789abcdef0', 'vol-1'] };
    expect(missingToHeal(sick, false, policy)).toEqual([
      { what: 'it is stopping', mend: 'aws ec2 start-instances --instance-ids i-0123456789abcdef0' },
      {
        what: 'it is not opted in to fleet',
        mend: 'aws ec2 create-tags --resources i-0123456789abcdef0 --tags Key=self-healing:stack,Value=fleet',
      },
      {
        what: 'it is opted out by i-0123456789abcdef0, vol-1',
        mend: 'aws ec2 delete-tags --resources i-0123456789abcdef0 vol-1 --tags Key=self-healing:opt-out',
      },
      {
        what: 'no CloudWatch agent reports from it: in the last 10 minutes no metric of it arrived in SelfHealing',
        mend: `in self-healing.config.ts: agent: { mode: 'install', first: 'i-0123456789abcdef0' }, and deploy; by hand: docs/configuration.md, "The CloudWatch agent"`,
      },
    ]);
  });

  test('where State Manager installs the agent, a silent instance is mended by asking it what it did', () => {
    expect(missingToHeal(instance, false, { ...policy, agentMode: 'install' })).toEqual([
      {
        what: 'no CloudWatch agent of this stack reports from it: in the last 10 minutes no metric of it arrived in SelfHealing; the roll-out did not reach it, left it alone or failed',
        mend: 'aws ssm describe-instance-associations-status --instance-id i-0123456789abcdef0; it must show its tags: aws ec2 modify-instance-metadata-options --instance-id i-0123456789abcdef0 --instance-metadata-tags enabled',
      },
    ]);
  });

  test("where a team's agent was adopted, a silent instance is mended by comparing what it puts", () => {
    expect(missingToHeal(instance, false, { ...policy, agentMode: 'adopt', metricNamespace: 'CWAgent' })).toEqual([
      {
        what: 'the adopted CloudWatch agent does not report from it: in the last 10 minutes no metric of it arrived in CWAgent with the dimensions that the configuration names',
        mend: 'compare them with: aws cloudwatch list-metrics --namespace CWAgent --dimensions Name=InstanceId,Value=i-0123456789abcdef0',
      },
    ]);
  });
});

test.each([
  ['3.3.2746.0', '3.3.2746.0', true],
  ['3.3.2746', '3.3.2746.0', true],
  ['3.3.2747.0', '3.3.2746.0', true],
  ['3.4.0.0', '3.3.2746.0', true],
  ['10.0', '9.9.9', true],
  ['3.3.2745.999', '3.3.2746.0', false],
  ['3.3', '3.3.2746.0', false],
  ['2.9.9999.9', '3.3.2746.0', false],
  ['', '3.3.2746.0', false],
  ['latest', '3.3.2746.0', false],
  ['3.3.2746.0-beta', '3.3.2746.0', false],
  ['3..3', '3.3.2746.0', false],
])('version "%s" is at least %s: %s', (version, least, expected) => {
  expect(isAtLeast(version, least)).toBe(expected);
});
