import { startAgents } from '../../sandbox/metrics-agent.ts';
import { StubInstance } from './ssm/stub-instance.ts';

test('agents that end are waited for: nothing is told of them afterwards', async () => {
  const reading = Promise.withResolvers<never>();
  const instance = Object.assign(new StubInstance('i-0aaaaaaaaaaaaaaa1'), { metrics: () => reading.promise });
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
