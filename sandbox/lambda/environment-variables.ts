import type { FunctionDefinition } from './function-definition.ts';

/**
 * Environment of one execution environment: the definition's own and what Lambda adds; nothing of the machine's.
 * The session token names the environment, so that a call can be traced to the one that made it.
 */
export function environmentVariables(
  definition: FunctionDefinition,
  version: string,
  endpoint: string,
  environmentId: string,
): Record<string, string> {
  return {
    ...definition.environment,
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: definition.name,
    AWS_LAMBDA_FUNCTION_VERSION: version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(definition.memoryMebibytes),
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${definition.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: environmentId,
    LAMBDA_TASK_ROOT: definition.bundleFolder,
    AWS_ACCESS_KEY_ID: definition.accessKeyId,
    AWS_SECRET_ACCESS_KEY: 'sandbox',
    AWS_SESSION_TOKEN: environmentId,
    AWS_ENDPOINT_URL: endpoint,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    // Without these the SDK falls back to the home folder of the machine's user and to instance metadata.
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}
