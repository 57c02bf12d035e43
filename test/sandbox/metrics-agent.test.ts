import { AGENT_CONFIGURATION } from '../../lib/agent/agent-document.ts';
import { startAgents } from '../../sandbox/metrics-agent.ts';
import { StubInstance } from './ssm/stub-instance.ts';

/** What an instance's files say while its agent, pid 9 since tick 77, runs by a configuration. */
function agentThatRuns(path: string): string | undefined {
  if (path.endsWith('amazon-cloudwatch-agent.pid')) return '9 77\n';
  if (path === '/proc/9/stat') return `9 (agent) S ${'0 '.repeat(18)}77 0\n`;
  return path.endsWith('.toml') ? AGENT_CONFIGURATION : undefined;
}

test('agents that end are waited for: nothing is told of them afterwards', async () => {
  const reading = Promise.withResolvers<never>();
  const instance = Object.assign(new StubInstance('i-0aaaaaaaaaaaaaaa1'), {
    metrics: () => reading.promise,
    readFile: agentThatRuns,
  });
  const members = new Map([['i-0aaaaaaaaaaaaaaa1', { instance, online: true, agentVersion: '3.3.3000.0' }]]);
  const told: string[] = [];
  let minute = (): void => {};
  const clock = {
    every: (_seconds: number, call: () => void) => {
      minute = call;
      return () => {};
    },
  };
  const stop = startAgents({ members }, clock, 'http://127.0.0.1:1', [], (text) => told.push(text));
  minute();
  const ended = stop().then(() => told.push('ended'));
  reading.reject(new Error('the instance is gone'));
  await ended;
  expect(told).toEqual(['metrics of i-0aaaaaaaaaaaaaaa1: Error: the instance is gone', 'ended']);
});
