import type { FunctionDefinition } from './function-definition.ts';

/** A function or one of its versions, as the Lambda API describes it. */
export function toConfiguration(
  definition: FunctionDefinition,
  { version, arn, deleting }: { readonly version: string; readonly arn: string; readonly deleting: boolean },
): Record<string, unknown> {
  const { name, durable } = definition;
  return {
    FunctionName: name,
    FunctionArn: arn,
    Runtime: 'nodejs24.x',
    Role: `arn:aws:iam::123456789012:role/${name}`,
    Handler: definition.handler,
    CodeSize: 0,
    CodeSha256: definition.codeSha256,
    Timeout: definition.timeoutSeconds,
    MemorySize: definition.memoryMebibytes,
    LastModified: '2026-01-01T00:00:00.000+0000',
    Version: version,
    Environment: { Variables: definition.environment },
    State: deleting ? 'Deleting' : 'Active',
    LastUpdateStatus: 'Successful',
    PackageType: 'Zip',
    Architectures: ['arm64'],
    DurableConfig: durable && {
      ExecutionTimeout: durable.executionTimeoutSeconds,
      RetentionPeriodInDays: durable.retentionDays,
    },
  };
}
