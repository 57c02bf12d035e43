import { Construct } from 'constructs';
import { commandDocument } from '../command-document.ts';
import type { InstallAgents } from '../config/agent-config.ts';
import { rollOut } from '../state-manager/roll-out.ts';
import { agentDocumentContent } from './agent-document.ts';

/** State Manager's roll-out of the CloudWatch agent. */
export class AgentRollOut extends Construct {
  constructor(
    scope: Construct,
    id: string,
    props: {
      readonly stackName: string;
      readonly install: InstallAgents;
      /** Where it takes what the instances measure by themselves; absent: nowhere. */
      readonly measurementPort?: number;
    },
  ) {
    super(scope, id);
    const { stackName, install, measurementPort } = props;
    const { document } = commandDocument(this, {
      id: 'Document',
      name: `${stackName}-agent`,
      content: agentDocumentContent(stackName, measurementPort),
    });
    rollOut(this, { stackName, name: 'agent', document, must: 'MustConfigure', config: install });
  }
}
