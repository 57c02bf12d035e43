import { type CloudWatchClient, GetMetricDataCommand, ListAlarmMuteRulesCommand } from '@aws-sdk/client-cloudwatch';
import {
  GetAliasCommand,
  type LambdaClient,
  ListDurableExecutionsByFunctionCommand,
  ListVersionsByFunctionCommand,
} from '@aws-sdk/client-lambda';
import { ListDocumentsCommand } from '@aws-sdk/client-ssm';
import type { AwsClientStub } from 'aws-sdk-client-mock';
import { INSTANCE_ID, ssm } from '../aws/sick-instance.ts';

/** The one instance reports, nothing is muted or overdue, and no deployment left anything behind. */
export function watchWell(cloudWatch: AwsClientStub<CloudWatchClient>, lambda: AwsClientStub<LambdaClient>): void {
  cloudWatch.on(GetMetricDataCommand).resolves({ MetricDataResults: [{ Label: INSTANCE_ID, Values: [41] }] });
  cloudWatch.on(ListAlarmMuteRulesCommand).resolves({ AlarmMuteRuleSummaries: [] });
  lambda.on(ListDurableExecutionsByFunctionCommand).resolves({ DurableExecutions: [] });
  lambda.on(GetAliasCommand).resolves({ FunctionVersion: '3' });
  lambda.on(ListVersionsByFunctionCommand).resolves({ Versions: [{ Version: '$LATEST' }, { Version: '3' }] });
  ssm.on(ListDocumentsCommand).resolves({ DocumentIdentifiers: [] });
}
