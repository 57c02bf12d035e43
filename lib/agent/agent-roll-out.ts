import { Duration } from 'aws-cdk-lib';
import { CfnAssociation } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { OPT_IN_TAG } from '../../lambdas/core/names.ts';
import type { InstallAgents } from '../config/agent-config.ts';
import { commandDocument } from '../command-document.ts';
import { agentDocumentContent } from './agent-document.ts';

/** Time for the first instance to hear of the association, load the package and run by it. */
const FIRST_WITHIN = Duration.minutes(15);

/** State Manager's roll-out of the CloudWatch agent: on one instance first, then on all that are opted in. */
export class AgentRollOut extends Construct {
  constructor(scope: Construct, id: string, props: { readonly stackName: string; readonly install: InstallAgents }) {
    super(scope, id);
    const { stackName, install } = props;
    const { document } = commandDocument(this, {
      id: 'Document',
      name: `${stackName}-agent`,
      content: agentDocumentContent(stackName),
    });
    // Named by its id: State Manager takes one tag key at most, and several would mean any of them, so that a tag of
    // its own could name an instance that is not opted in. The document reads there whether it is.
    // https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-state-manager-targets-and-rate-controls.html
    const first = new CfnAssociation(this, 'First', {
      associationName: `${stackName}-agent-first`,
      name: document.ref,
      parameters: { MustConfigure: ['yes'] },
      targets: [{ key: 'InstanceIds', values: [install.first] }],
      // CloudFormation stops and rolls back as soon as it has failed there.
      waitForSuccessTimeoutSeconds: FIRST_WITHIN.toSeconds(),
    });
    const fleet = new CfnAssociation(this, 'Fleet', {
      associationName: `${stackName}-agent-fleet`,
      name: document.ref,
      parameters: { MustConfigure: ['no'] },
      targets: [{ key: `tag:${OPT_IN_TAG}`, values: [stackName] }],
      maxConcurrency: install.maxConcurrency ?? '10%',
      maxErrors: install.maxErrors ?? '1',
      // An instance that is new gets it when it appears; this is for one that failed, or was changed since.
      scheduleExpression: 'rate(1 day)',
    });
    fleet.addResourceDependency(first);
  }
}
