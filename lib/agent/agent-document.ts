import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OPT_IN_TAG, OPT_OUT_TAG } from '../../lambdas/core/names.ts';
import { body } from '../document-content.ts';

/** The agent's configuration, as `docs/configuration.md` shows it and as the roll-out puts it on instances. */
export const AGENT_CONFIGURATION = readFileSync(join(import.meta.dirname, 'amazon-cloudwatch-agent.json'), 'utf8');

const ON_LINUX = { StringEquals: ['platformType', 'Linux'] };

/**
 * The command document that installs and configures the CloudWatch agent where none is configured. The first step decides
 * whether the second is needed, and the last runs whatever became of them: `onFailure` and `finallyStep` are inputs of
 * every step, https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-command-ssm-plugin-reference.html
 */
export function agentDocumentContent(stackName: string): Record<string, unknown> {
  const script = (name: string, inputs: Record<string, unknown>) => ({
    action: 'aws:runShellScript',
    name,
    precondition: ON_LINUX,
    inputs: { ...inputs, runCommand: agentScript(name, stackName).split('\n') },
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

/** A whole script of the document: shebang, what it is told, what both share, the script itself. */
export function agentScript(name: string, stackName: string): string {
  const told = {
    stack: stackName,
    opt_in_tag: OPT_IN_TAG,
    opt_out_tag: OPT_OUT_TAG,
    wanted: AGENT_CONFIGURATION.trimEnd(),
  };
  const settings = Object.entries(told).map(([key, value]) => `${key}=${quoted(value)}`);
  const parts = [...settings, ...['agent', name].map((one) => body(join(import.meta.dirname, `${one}.sh`)))];
  return `#!/usr/bin/env bash\n${parts.join('\n')}\n`;
}

function quoted(text: string): string {
  if (text.includes("'")) throw new Error(`a quote cannot stand in a script's setting: ${text}`);
  return `'${text}'`;
}
