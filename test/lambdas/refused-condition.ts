import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';

/** What DynamoDB answers where the condition of a write does not hold. */
export const refusedCondition = () => new ConditionalCheckFailedException({ message: 'the condition', $metadata: {} });

/** Any other failure of a call. */
export function failure(name: string, message = 'it failed'): Error {
  return Object.assign(new Error(message), { name });
}
