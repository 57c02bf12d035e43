import type { AwsAnswer, AwsCall } from './aws-call.ts';

const INSTANCE = /(<instanceId>([^<]+)<\/instanceId>(?:(?!<instanceId>)[\s\S])*?<launchTime>)[^<]*(<\/launchTime>)/g;

/**
 * Tells other launch times than the emulator knows: it launches instances when the sandbox starts,
 * and one that was launched this minute counts as warming up.
 */
export function withLaunchTimes(call: AwsCall, answer: AwsAnswer, launchTimes: ReadonlyMap<string, Date>): AwsAnswer {
  if (call.service !== 'ec2' || call.action !== 'DescribeInstances' || launchTimes.size === 0) return answer;
  const body = answer.body.toString().replace(INSTANCE, (found, before: string, id: string, after: string) => {
    const launched = launchTimes.get(id);
    return launched === undefined ? found : `${before}${launched.toISOString()}${after}`;
  });
  return { ...answer, body };
}
