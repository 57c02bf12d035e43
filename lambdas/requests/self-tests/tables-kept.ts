import { DescribeContinuousBackupsCommand, DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { dynamo } from '../../aws/clients.ts';
import { environmentVariable } from '../../aws/environment.ts';
import { ENVIRONMENT } from '../../core/names.ts';
import { type SelfTest, verdict } from './self-test.ts';

/** Both tables are protected against deletion and can be restored, and the audit table's stream tells people. */
export const tablesKept: SelfTest = {
  id: 'tables-kept',
  run: async () => {
    const problems = await Promise.all([
      problemsOf('state', environmentVariable(ENVIRONMENT.stateTable), false),
      problemsOf('audit', environmentVariable(ENVIRONMENT.auditTable), true),
    ]);
    return verdict(problems.flat(), 'both tables are protected and can be restored', 'deploy the stack again');
  },
};

async function problemsOf(what: string, TableName: string, streams: boolean): Promise<string[]> {
  const [{ Table }, { ContinuousBackupsDescription: backups }] = await Promise.all([
    dynamo().send(new DescribeTableCommand({ TableName })),
    dynamo().send(new DescribeContinuousBackupsCommand({ TableName })),
  ]);
  const restorable = backups?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus === 'ENABLED';
  return [
    ...(Table?.DeletionProtectionEnabled === true ? [] : [`the ${what} table can be deleted`]),
    ...(restorable ? [] : [`the ${what} table cannot be restored to a point in time`]),
    ...(!streams || Table?.StreamSpecification?.StreamEnabled === true ? [] : [`the ${what} table has no stream`]),
  ];
}
