import http from 'node:http';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { jsonAnswer } from '../../../sandbox/gateway/aws-call.ts';
import { createGateway, type Gateway } from '../../../sandbox/gateway/gateway.ts';

const credentials = { accessKeyId: 'AKIACALLER', secretAccessKey: 'secret' };
let emulator: http.Server;
let seen: { method?: string; path?: string; target?: string | string[]; body: string }[];
let gateway: Gateway;
let dynamo: DynamoDBClient;

beforeEach(async () => {
  seen = [];
  emulator = http.createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += String(chunk);
    });
    request.on('end', () => answer(request, response, body));
  });
  const answer = (request: http.IncomingMessage, response: http.ServerResponse, body: string): void => {
    const target = request.headers['x-amz-target'];
    seen.push({ method: request.method ?? '', path: request.url ?? '', ...(target ? { target } : {}), body });
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0', 'x-emulator': 'yes' });
    response.end('{"Item":{"id":{"S":"from the emulator"}}}');
  };
  await new Promise<void>((resolve) => emulator.listen(0, '127.0.0.1', resolve));
  const address = emulator.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  gateway = await createGateway({
    port: 0,
    motoEndpoint: `http://127.0.0.1:${port}`,
    clock: { nowMillis: () => 1_000 },
  });
  dynamo = new DynamoDBClient({ endpoint: gateway.endpoint, region: 'us-east-1', credentials });
});

afterEach(async () => {
  dynamo.destroy();
  await gateway.stop();
  await new Promise((resolve) => emulator.close(resolve));
});

const get = new GetItemCommand({ TableName: 't', Key: { id: { S: 'a' } } });

test('what no route answers reaches the emulator unchanged, and its answer the client', async () => {
  const { Item } = await dynamo.send(get);
  expect(Item).toEqual({ id: { S: 'from the emulator' } });
  expect(seen).toEqual([
    {
      method: 'POST',
      path: '/',
      target: 'DynamoDB_20120810.GetItem',
      body: '{"TableName":"t","Key":{"id":{"S":"a"}}}',
    },
  ]);
});

test('a route answers instead of the emulator, or lets it answer', async () => {
  gateway.use('dynamodb', async (call) => (call.action === 'PutItem' ? jsonAnswer({}) : 'forward'));
  gateway.use('dynamodb', async () => jsonAnswer({ Item: { id: { S: 'from the second route' } } }));
  await dynamo.send(new PutItemCommand({ TableName: 't', Item: { id: { S: 'a' } } }));
  expect((await dynamo.send(get)).Item).toEqual({ id: { S: 'from the second route' } });
  expect(seen).toEqual([]);
});

test('every call is recorded with who made it, when, and how it ended', async () => {
  const heard: string[] = [];
  gateway.onAnswered(({ action }) => heard.push(action));
  await dynamo.send(get);
  expect(gateway.calls()).toEqual([
    {
      at: 1_000,
      service: 'dynamodb',
      action: 'GetItem',
      accessKeyId: 'AKIACALLER',
      input: { TableName: 't', Key: { id: { S: 'a' } } },
      status: 200,
    },
  ]);
  expect(heard).toEqual(['GetItem']);
});

test('a payload of 5 MB passes', async () => {
  const lambda = new LambdaClient({ endpoint: gateway.endpoint, region: 'us-east-1', credentials });
  await lambda.send(new InvokeCommand({ FunctionName: 'f', Payload: JSON.stringify({ x: 'x'.repeat(5_000_000) }) }));
  lambda.destroy();
  expect(seen[0]?.path).toBe('/2015-03-31/functions/f/invocations');
  expect(seen[0]?.body.length).toBe(5_000_008);
});

test('a dropped call was carried out, and its client got no answer', async () => {
  const client = new DynamoDBClient({ endpoint: gateway.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  const release = gateway.intercept({ beforeAnswer: ({ action }) => (action === 'GetItem' ? 'drop' : undefined) });
  await expect(client.send(get)).rejects.toThrow('socket hang up');
  expect(seen).toHaveLength(1);
  expect(gateway.calls()).toMatchObject([{ action: 'GetItem', status: 200 }]);
  release();
  await client.send(get);
  client.destroy();
});

test('a throttled call is not carried out', async () => {
  const client = new DynamoDBClient({ endpoint: gateway.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  gateway.intercept({ beforeForward: () => 'throttle' });
  await expect(client.send(get)).rejects.toMatchObject({ name: 'ThrottlingException' });
  client.destroy();
  expect(seen).toEqual([]);
  expect(gateway.calls()).toMatchObject([{ status: 400, errorType: 'ThrottlingException' }]);
});

test('a client of the EC2 protocol understands a throttled call too', async () => {
  const ec2 = new EC2Client({ endpoint: gateway.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  gateway.intercept({ beforeForward: () => 'throttle' });
  await expect(ec2.send(new DescribeInstancesCommand({}))).rejects.toMatchObject({ name: 'ThrottlingException' });
  ec2.destroy();
});

test('a route that fails is an answer that says so, not a hanging client', async () => {
  const client = new DynamoDBClient({ endpoint: gateway.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  gateway.use('dynamodb', async () => {
    throw new Error('out of order');
  });
  await expect(client.send(get)).rejects.toMatchObject({
    name: 'InternalFailure',
    message: 'the sandbox failed at dynamodb GetItem: out of order',
  });
  client.destroy();
});

test('a taken port is refused', async () => {
  const port = Number(new URL(gateway.endpoint).port);
  const clock = { nowMillis: () => 0 };
  await expect(createGateway({ port, motoEndpoint: 'http://127.0.0.1:1', clock })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
});
