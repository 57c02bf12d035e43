import { createServer } from 'node:http';
import { agentScript } from '../../../lib/agent/agent-document.ts';
import { installCommand } from '../../../sandbox/agent/install-agent.ts';
import { metadataService } from '../../../sandbox/metadata-service.ts';
import { type Finished, type Namespace, startNamespace } from '../../remedies/namespace.ts';

export const AGENT = '/opt/aws/amazon-cloudwatch-agent';
export const OURS = `${AGENT}/etc/amazon-cloudwatch-agent.d/file_self-healing.json`;

/** A small instance with the agent's package or without, and the metadata service that tells it its tags. */
export interface AgentInstance extends Namespace {
  /** Runs one script of the agent's document; of the fleet's association, where nothing else is said. */
  readonly step: (
    name: 'look' | 'configure',
    mustConfigure?: 'yes' | 'no',
    variables?: Record<string, string>,
  ) => Promise<Finished>;
  /** Ends all that runs inside, but for an agent, as a reboot of the SSM agent or the kernel's want of memory may. */
  readonly killAll: () => Promise<void>;
  readonly install: () => Promise<void>;
  /** Has another configuration applied, as a team would. */
  readonly configureElsewhere: (name: string, action?: 'fetch-config' | 'append-config') => Promise<void>;
  /** Digests, times and ids of everything of the agent, and its process. */
  readonly everything: () => Promise<string>;
  /** Tags as the metadata shows them; `undefined`: it shows none. */
  tags: Record<string, string> | undefined;
}

const OPTED_IN = { Name: 'web-1', 'self-healing:stack': 'fleet' };

/** A `systemctl` of our own, a `mv` that stays where it is told to for ever, and a `sleep` in a hurry. */
const TOOLS = `mkdir -p /given/bin /etc/sandbox-units /run/sandbox-units
printf '%s' "$SYSTEMCTL" >/given/bin/systemctl
printf '%s\n' '#!/bin/bash' 'if [[ -e /run/hang && "$*" == *"$(</run/hang)"* ]]; then touch /run/hangs; /usr/bin/sleep infinity; fi' 'exec /usr/bin/mv "$@"' >/given/bin/mv
printf '%s\n' '#!/bin/bash' 'exec /usr/bin/sleep 0.1' >/given/bin/sleep
chmod 755 /given/bin/*`;

export async function startAgentInstance(systemctl: string): Promise<AgentInstance> {
  const namespace = await startNamespace({ rootMiB: 16 });
  await namespace.ask(TOOLS, { SYSTEMCTL: systemctl });
  const made: { tags: AgentInstance['tags'] } = { tags: OPTED_IN };
  const server = createServer(metadataService(async () => made.tags));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the metadata service has no port');
  const environment = { AWS_EC2_METADATA_SERVICE_ENDPOINT: `http://127.0.0.1:${address.port}` };
  const { stdin = '', environment: packaged } = installCommand();
  return Object.assign(made, {
    ...namespace,
    step: (name: string, mustConfigure = 'no', variables = {}) =>
      namespace.run(agentScript(name, 'fleet'), { ...environment, SSM_MustConfigure: mustConfigure, ...variables }),
    killAll: async () => {
      await namespace.ask(
        'for pid in $(pgrep -v -x amazon-cloudwat); do ((pid == 1 || pid == $$)) || kill -KILL "$pid" 2>/dev/null || :; done',
      );
    },
    install: async () => {
      await namespace.ask(stdin, packaged);
    },
    configureElsewhere: async (name: string, action = 'fetch-config') => {
      await namespace.ask(
        `printf '{"metrics": {}}' >/run/${name}; ${AGENT}/bin/amazon-cloudwatch-agent-ctl -a ${action} -m ec2 -c file:/run/${name} -s
        until pgrep -x amazon-cloudwat >/dev/null; do sleep 0.05; done`,
      );
    },
    everything: () =>
      namespace.ask(
        `cd ${AGENT}/etc && find . -type f -printf '%p %i %T@ ' -exec sha256sum {} \\; | sort; pgrep -x amazon-cloudwat`,
      ),
    close: async () => {
      await namespace.close();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}
