import { InvokeCommand } from '@aws-sdk/client-lambda';
import { ENVIRONMENT } from '../core/names.ts';
import { executionName, type Remediation } from '../core/remediation.ts';
import { lambda } from './clients.ts';
import { environmentVariable } from './environment.ts';

/** Starts the execution of an incident's run; the same run starts once, however often this is called. */
export async function startRemediation({ incidentId, run }: Remediation): Promise<void> {
  await lambda().send(
    new InvokeCommand({
      FunctionName: environmentVariable(ENVIRONMENT.remediateIncident),
      InvocationType: 'Event',
      DurableExecutionName: executionName({ incidentId, run }),
      Payload: JSON.stringify({ incidentId, run }),
    }),
  );
}
