/** EventBridge's contributor event of a stack's `disk-full` alarm, as an instance's full root disk causes it. */
export function contributorEvent(stack: string, instanceId: string, at: Date): object {
  const alarmName = `${stack}-disk-full`;
  const timestamp = at.toISOString().replace('Z', '+0000');
  return {
    version: '0',
    id: '2d4a0f0e-6c1c-4a1f-9d53-0f4c2f3d9a10',
    'detail-type': 'CloudWatch Alarm Contributor State Change',
    source: 'aws.cloudwatch',
    account: '123456789012',
    time: timestamp,
    region: 'us-east-1',
    resources: [`arn:aws:cloudwatch:us-east-1:123456789012:alarm:${alarmName}`],
    detail: {
      alarmName,
      alarmContributor: { id: '6d442278dba546f6', attributes: { InstanceId: instanceId, path: '/' } },
      state: { value: 'ALARM', reason: 'Threshold Crossed', timestamp },
      configuration: { metrics: [{ id: 'fleet', expression: 'SELECT 1', returnData: true, period: 60 }] },
    },
  };
}
