import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { startRemediation } from '../../../lambdas/aws/start-remediation.ts';

const lambda = mockClient(LambdaClient);

test('S21: a run is started under its own name, with a payload of exactly these', async () => {
  process.env['REMEDIATE_INCIDENT_FUNCTION'] =
    'arn:aws:lambda:us-east-1:123456789012:function:fleet-remediate-incident:live';
  lambda.on(InvokeCommand).resolves({ StatusCode: 202 });
  await startRemediation({ incidentId: 'df3f1abf8b613253-89abcdef', run: 2 });
  expect(lambda).toHaveReceivedCommandWith(InvokeCommand, {
    FunctionName: 'arn:aws:lambda:us-east-1:123456789012:function:fleet-remediate-incident:live',
    InvocationType: 'Event',
    DurableExecutionName: 'df3f1abf8b613253-89abcdef-run-2',
    Payload: '{"incidentId":"df3f1abf8b613253-89abcdef","run":2}',
  });
});
