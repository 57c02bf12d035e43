import { InvokeCommand } from '@aws-sdk/client-lambda';
import { lambda } from '../aws/clients.ts';
import { environmentVariable } from '../aws/environment.ts';
import type { MaintenanceRun } from '../core/maintenance/run.ts';
import { ENVIRONMENT } from '../core/names.ts';

/** Starts a run of maintenance; the same run starts once, however often this is called (S21). */
export async function startRun(run: MaintenanceRun): Promise<void> {
  await lambda().send(
    new InvokeCommand({
      FunctionName: environmentVariable(ENVIRONMENT.maintainFleet),
      InvocationType: 'Event',
      DurableExecutionName: run.runId,
      Payload: JSON.stringify(run),
    }),
  );
}
