/** The account that the sandbox stands for. */
export const ACCOUNT = '123456789012';
export const REGION = 'us-east-1';

/** An ARN in the sandbox's account and region. */
export function arn(service: string, resource: string): string {
  return `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;
}
