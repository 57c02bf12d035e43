import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CloudWatchClient, DescribeAlarmsCommand, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { createCloudWatch } from '../../../sandbox/cloudwatch/cloudwatch.ts';
import type { TransitionEvent } from '../../../sandbox/cloudwatch/transitions.ts';
import { createGateway } from '../../../sandbox/gateway/gateway.ts';
import { startMoto } from '../../../sandbox/gateway/moto.ts';
import { StillClock } from './still-clock.ts';

/** CloudWatch as clients reach it: the emulator, the gateway before it, stock clients, and a clock that stands. */
export async function startEmulated(startedAt: string) {
  const clock = new StillClock(startedAt);
  const folder = mkdtempSync(join(tmpdir(), 'cloudwatch-'));
  const transitions: TransitionEvent[] = [];
  const problems: string[] = [];
  const moto = await startMoto({ folder });
  const gateway = await createGateway({ port: 0, motoEndpoint: moto.endpoint, clock });
  const cloudWatch = createCloudWatch({
    clock,
    aws: { endpoint: moto.endpoint },
    onTransition: (event) => transitions.push(event),
    onProblem: (problem) => problems.push(problem),
  });
  gateway.use('monitoring', cloudWatch.route);
  const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' };
  const clientSettings = { endpoint: gateway.endpoint, region: 'us-east-1', credentials };
  const client = new CloudWatchClient(clientSettings);
  return {
    clock,
    moto,
    gateway,
    cloudWatch,
    transitions,
    problems,
    clientSettings,
    client,
    /** Runs Python against the endpoint with boto3, the client that people have. */
    python: async (program: string): Promise<string> => {
      const env = {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        AWS_ENDPOINT_URL: gateway.endpoint,
        AWS_ACCESS_KEY_ID: 'AKIAPYTHON',
        AWS_SECRET_ACCESS_KEY: 'x',
        AWS_DEFAULT_REGION: 'us-east-1',
      };
      return (await promisify(execFile)('python3', ['-c', `import boto3\n${program}`], { env })).stdout.trim();
    },
    describeAlarm: async (name: string): Promise<MetricAlarm | undefined> =>
      (await client.send(new DescribeAlarmsCommand({ AlarmNames: [name] }))).MetricAlarms?.[0],
    stop: async (): Promise<void> => {
      client.destroy();
      await cloudWatch.stop();
      await gateway.stop();
      await moto.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

export type Emulated = Awaited<ReturnType<typeof startEmulated>>;
