import { ScaledClock } from '../../../sandbox/clock.ts';
import type { CompletedInvocation, SsmRoute } from '../../../sandbox/ssm/create-ssm-route.ts';
import { createSsmRoute } from '../../../sandbox/ssm/create-ssm-route.ts';
import { callSsm } from './call-ssm.ts';
import { StubInstance } from './stub-instance.ts';

export const FIRST = 'i-0aaaaaaaaaaaaaaa1';
export const SECOND = 'i-0aaaaaaaaaaaaaaa2';
export const OFFLINE = 'i-0aaaaaaaaaaaaaaa3';

/** The emulation over two stubs that are online and one that is not. */
export function ssmWithStubs(speed = 1): {
  readonly ssm: SsmRoute;
  readonly first: StubInstance;
  readonly call: (action: string, input?: Record<string, unknown>) => Promise<Record<string, unknown>>;
  readonly send: (input?: Record<string, unknown>) => Promise<string>;
  readonly completed: (commandId: string) => Promise<CompletedInvocation>;
} {
  const first = new StubInstance(FIRST);
  const agentVersion = '3.3.3000.0';
  const ssm = createSsmRoute({
    instances: new Map([
      [FIRST, { instance: first, online: true, agentVersion }],
      [SECOND, { instance: new StubInstance(SECOND), online: true, agentVersion }],
      [OFFLINE, { instance: new StubInstance(OFFLINE), online: false, agentVersion }],
    ]),
    clock: new ScaledClock(speed),
    instanceTags: async (instanceId): Promise<Record<string, string>> =>
      instanceId === SECOND ? {} : { 'self-healing:stack': 'Demo' },
  });
  const ends: CompletedInvocation[] = [];
  const listeners = new Set<() => void>();
  ssm.onCompleted((completed) => {
    ends.push(completed);
    for (const listener of listeners) listener();
  });
  const call = (action: string, input: Record<string, unknown> = {}) => callSsm(ssm.route, action, input);
  return {
    ssm,
    first,
    call,
    send: async (input = {}) => {
      const command = { DocumentName: 'AWS-RunShellScript', InstanceIds: [FIRST], Parameters: { commands: ['true'] } };
      const { Command } = await call('SendCommand', { ...command, ...input });
      return String(Object.entries(Command ?? {}).find(([name]) => name === 'CommandId')?.[1]);
    },
    completed: (commandId) =>
      new Promise((resolve) => {
        const look = () => {
          const end = ends.find((one) => one.commandId === commandId);
          if (end === undefined) return;
          listeners.delete(look);
          resolve(end);
        };
        listeners.add(look);
        look();
      }),
  };
}
