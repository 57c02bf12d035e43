import { baselineSource } from '../../../tools/bench/cold-start/baseline-source.ts';
import { isDurable, sdkNamesOf } from '../../../tools/bench/cold-start/sdk-names.ts';

const EC2 = 'node_modules/@aws-sdk/client-ec2/dist-es';
const DOCUMENT = 'node_modules/@aws-sdk/lib-dynamodb/dist-es';
const bundle = (...paths: readonly string[]) => ({
  inputs: Object.fromEntries(paths.map((path) => [path, { bytesInOutput: 100 }])),
});
const input = { InstanceIds: ['i-1'] };
const first = { package: '@aws-sdk/client-ec2', command: 'DescribeInstancesCommand', input };

test('the clients and commands of a bundle are found in what the bundler says of it', () => {
  const made = bundle(
    `${EC2}/EC2Client.js`,
    `${EC2}/commands/DescribeVolumesCommand.js`,
    `${EC2}/commands/DescribeInstancesCommand.js`,
    `${EC2}/schemas/schemas_0.js`,
    `${DOCUMENT}/DynamoDBDocumentClient.js`,
    `${DOCUMENT}/commands/GetCommand.js`,
    'lambdas/aws/clients.ts',
  );
  const shakenOff = { [`${EC2}/commands/TerminateInstancesCommand.js`]: { bytesInOutput: 0 } };
  expect(sdkNamesOf({ inputs: { ...made.inputs, ...shakenOff } })).toEqual([
    {
      package: '@aws-sdk/client-ec2',
      client: 'EC2Client',
      commands: ['DescribeInstancesCommand', 'DescribeVolumesCommand'],
    },
    { package: '@aws-sdk/lib-dynamodb', client: 'DynamoDBDocumentClient', commands: ['GetCommand'] },
  ]);
});

test.each([
  [true, 'node_modules/@aws/durable-execution-sdk-js/dist/index.mjs'],
  [false, 'node_modules/@aws/lambda-invoke-store/dist-es/invoke-store.js'],
])('durable is %s of a bundle that holds %s', (expected, path) => {
  expect(isDurable(bundle(path))).toBe(expected);
});

describe('a baseline', () => {
  const names = [
    {
      package: '@aws-sdk/client-ec2',
      client: 'EC2Client',
      commands: ['DescribeInstancesCommand', 'DescribeVolumesCommand'],
    },
  ];

  test('loads what the bundle loads and makes its first call', () => {
    expect(baselineSource(names, false, first)).toBe(
      [
        "import * as sdk0 from '@aws-sdk/client-ec2';",
        'export const loaded = [sdk0.EC2Client, sdk0.DescribeInstancesCommand, sdk0.DescribeVolumesCommand];',
        'export const handler = () => new sdk0.EC2Client({}).send(new sdk0.DescribeInstancesCommand({"InstanceIds":["i-1"]}));',
        '',
      ].join('\n'),
    );
  });

  test('of a durable function makes it in a durable step', () => {
    expect(baselineSource(names, true, first)).toContain(
      "export const handler = withDurableExecution((event, ctx) => ctx.step('first call', () => new sdk0.EC2Client({})",
    );
  });

  test('makes no call that the bundle cannot make', () => {
    expect(() => baselineSource(names, false, { ...first, command: 'RunInstancesCommand' })).toThrow(
      'the bundle holds no RunInstancesCommand of @aws-sdk/client-ec2: its function does not call it',
    );
  });
});
