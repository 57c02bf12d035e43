import { awsClients, closeClients } from '../../../sandbox/aws-clients.ts';
import { ScaledClock } from '../../../sandbox/clock.ts';
import { Arrivals } from '../../../sandbox/events/arrivals.ts';
import { EventSources } from '../../../sandbox/events/event-sources.ts';
import { Schedules } from '../../../sandbox/events/schedules.ts';
import { createLambdaService, type LambdaService } from '../../../sandbox/lambda/lambda-service.ts';
import { createSsmRoute, type SsmRoute } from '../../../sandbox/ssm/create-ssm-route.ts';
import type { Services } from '../../../sandbox/stack/resources/resource-type.ts';
import type { Synthesized, TemplateResource } from '../../../sandbox/stack/template.ts';

/** An account of which only what needs no network is there: functions, documents, schedules. */
export interface SmallAccount {
  readonly services: Services;
  readonly clock: ScaledClock;
  readonly lambda: LambdaService;
  /** Names of the account's own command documents. */
  documents(): Promise<string[]>;
  /** Numbers of a function's versions, and where its alias `live` points. */
  versions(functionName: string): string[];
  close(): Promise<void>;
}

export function openAccount(): SmallAccount {
  const clock = new ScaledClock(60);
  const endpoint = 'http://127.0.0.1:9';
  const lambda = createLambdaService({ clock, endpoint: () => endpoint, onLog: () => {} });
  const ssm: SsmRoute = createSsmRoute({ instances: new Map(), clock, instanceTags: async () => ({}) });
  const aws = awsClients(endpoint, 'AKIATEST');
  const schedules = new Schedules(clock, lambda, () => {});
  const sources = new EventSources({ aws, arrivals: new Arrivals(), lambda, onRecord: () => {}, problem: () => {} });
  return {
    services: { aws, clock, lambda, ssm, schedules, sources },
    clock,
    lambda,
    documents: async () => {
      const call = { service: 'ssm', accessKeyId: 'AKIATEST', method: 'POST', path: '/', headers: {} };
      const input = { Filters: [{ Key: 'Owner', Values: ['Self'] }] };
      const answer = await ssm.route({ ...call, action: 'ListDocuments', input, body: Buffer.alloc(0) });
      const { DocumentIdentifiers }: { DocumentIdentifiers: { Name: string }[] } = JSON.parse(
        answer === 'forward' ? '{}' : String(answer.body),
      );
      return DocumentIdentifiers.map(({ Name }) => Name);
    },
    versions: (functionName) => [
      ...lambda.functions.versionsOf(functionName).map(([number]) => number),
      `live -> ${lambda.functions.aliasesOf(functionName).get('live')}`,
    ],
    close: async () => {
      schedules.stopAll();
      await lambda.stop();
      await ssm.stop();
      closeClients(aws);
    },
  };
}

/** A template as synth would give it. */
export function synthesizedOf(Resources: Readonly<Record<string, TemplateResource>>): Synthesized {
  return { stackName: 'web', template: { Resources }, assetFolder: '/nowhere' };
}
