import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { associationScript } from '../state-manager/script.ts';

/** The agent's configuration, as `docs/configuration.md` shows it and as the roll-out puts it on instances. */
export const AGENT_CONFIGURATION = readFileSync(join(import.meta.dirname, 'amazon-cloudwatch-agent.json'), 'utf8');

const COLLECTED = '    "metrics_collected": {\n';

/**
 * The same, with what takes the values that a timer on the instance measures; on loopback alone, for it takes them from whoever
 * is there. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Agent-custom-metrics-statsd.html
 */
export function agentConfiguration(measurementPort?: number): string {
  if (measurementPort === undefined) return AGENT_CONFIGURATION;
  if (!AGENT_CONFIGURATION.includes(COLLECTED)) throw new Error(`no ${COLLECTED} in the agent's configuration`);
  const statsd = `      "statsd": { "service_address": "127.0.0.1:${measurementPort}" },\n`;
  return AGENT_CONFIGURATION.replace(COLLECTED, `${COLLECTED}${statsd}`);
}

const ON_LINUX = { StringEquals: ['platformType', 'Linux'] };

/**
 * The command document that installs and configures the CloudWatch agent where none is configured. The first step decides
 * whether the second is needed, and the last runs whatever became of them: `onFailure` and `finallyStep` are inputs of
 * every step, https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-command-ssm-plugin-reference.html
 */
export function agentDocumentContent(stackName: string, measurementPort?: number): Record<string, unknown> {
  const script = (name: string, inputs: Record<string, unknown>) => ({
    action: 'aws:runShellScript',
    name,
    precondition: ON_LINUX,
    inputs: { ...inputs, runCommand: agentScript(name, stackName, measurementPort).split('\n') },
  });
  return {
    schemaVersion: '2.2',
    description: `${stackName}: the CloudWatch agent, where none is configured`,
    parameters: {
      MustConfigure: {
        type: 'String',
        description: 'Whether an instance that is left alone counts as a failure, as the first one does.',
        interpolationType: 'ENV_VAR',
        allowedPattern: '^(yes|no)$',
        default: 'no',
      },
    },
    mainSteps: [
      script('look', { timeoutSeconds: '60', onFailure: 'successAndExit' }),
      {
        action: 'aws:configurePackage',
        name: 'install',
        precondition: ON_LINUX,
        inputs: { name: 'AmazonCloudWatchAgent', action: 'Install', onFailure: 'exit' },
      },
      script('configure', { timeoutSeconds: '300', finallyStep: true }),
    ],
  };
}

/** A whole script of the document: what all of State Manager's share, what both of these do, the script itself. */
export function agentScript(name: string, stackName: string, measurementPort?: number): string {
  const parts = ['agent', name].map((one) => join(import.meta.dirname, `${one}.sh`));
  return associationScript(stackName, { wanted: agentConfiguration(measurementPort).trimEnd() }, parts);
}
