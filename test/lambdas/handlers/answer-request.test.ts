import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EC2Client } from '@aws-sdk/client-ec2';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SSMClient } from '@aws-sdk/client-ssm';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import fc from 'fast-check';
import { handler } from '../../../lambdas/handlers/answer-request.ts';

const clients = [
  mockClient(EC2Client),
  mockClient(SSMClient),
  mockClient(DynamoDBClient),
  mockClient(DynamoDBDocumentClient),
  mockClient(LambdaClient),
  mockClient(CloudWatchClient),
  mockClient(AutoScalingClient),
];
let log: jest.SpyInstance;

beforeEach(() => {
  for (const client of clients) client.reset();
  log = jest.spyOn(console, 'log').mockImplementation(() => {});
});
afterEach(() => log.mockRestore());

/** Whatever could be sent in the place of an instance id, but for one that names one instance. */
const noInstance = fc
  .oneof(
    fc.constantFrom(
      '',
      ' ',
      '*',
      '**',
      '%',
      '.*',
      'i-*',
      'i-?',
      'all',
      'null',
      'i-0123456789abcdef0*',
      'i-0123456789abcdef0\n',
    ),
    fc.string({ unit: 'binary' }),
    fc.string().map((text) => `i-${text}`),
    fc.array(fc.constantFrom('i-0123456789abcdef0', '*')),
    fc.anything().filter((value) => value !== undefined),
  )
  .filter((target) => typeof target !== 'string' || !/^i-[0-9a-f]{8,17}$/.test(target));

test.each(['heal', 'check-health'])(
  'S1: "%s" with an empty, wildcard or garbage target is refused and calls no AWS API',
  async (request) => {
    await fc.assert(
      fc.asyncProperty(noInstance, async (instanceId) => {
        const answer = await handler({ request, instanceId, requestedBy: 'ana', reason: 'test' });
        expect(answer).toEqual({ error: expect.stringMatching(/^"instanceId" must name one instance, got /) });
      }),
      { numRuns: 500 },
    );
    for (const client of clients) expect(client).not.toHaveReceivedAnyCommand();
  },
);

test('S1: "heal" without a target is refused and calls no AWS API', async () => {
  await expect(handler({ request: 'heal', requestedBy: 'ana', reason: 'test' })).resolves.toEqual({
    error:
      '"instanceId" must name one instance, got null; allowed is i- and 8 to 17 hexadecimal digits, never a wildcard or nothing',
  });
  for (const client of clients) expect(client).not.toHaveReceivedAnyCommand();
});

test('S1: whatever is sent, garbage is refused and calls no AWS API', async () => {
  await fc.assert(
    fc.asyncProperty(fc.anything(), async (event) => {
      await expect(handler(event)).resolves.toEqual({ error: expect.any(String) });
    }),
  );
  for (const client of clients) expect(client).not.toHaveReceivedAnyCommand();
});

test('S23: a refused request is one warning', async () => {
  await handler({ request: 'reboot' });
  expect(log.mock.calls.map(([line]) => JSON.parse(String(line)))).toEqual([
    {
      level: 'WARN',
      logType: 'request-refused',
      problem: expect.stringMatching(/^"request" is "reboot", allowed are /),
    },
  ]);
});
