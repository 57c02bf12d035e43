import { gzipSync } from 'node:zlib';
import { parseCall } from '../../../sandbox/gateway/parse-call.ts';

const signedFor = (service: string): string =>
  `AWS4-HMAC-SHA256 Credential=AKIAOPENER/20261123/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=x`;

function parse(path: string, headers: Record<string, string>, body: string | Buffer = '', method = 'POST') {
  return parseCall({ method, path, headers, body: Buffer.from(body) });
}

test('a JSON call names its action in the target and its service and caller in the signature', () => {
  const headers = { authorization: signedFor('ssm'), 'x-amz-target': 'AmazonSSM.SendCommand' };
  expect(parse('/', headers, '{"InstanceIds":["i-1"]}')).toMatchObject({
    service: 'ssm',
    action: 'SendCommand',
    accessKeyId: 'AKIAOPENER',
    input: { InstanceIds: ['i-1'] },
  });
});

test('a form-encoded call names its action in a field; the fields stay flat', () => {
  const headers = {
    authorization: signedFor('ec2'),
    'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
  };
  expect(parse('/', headers, 'Action=DescribeInstances&InstanceId.1=i-1')).toMatchObject({
    service: 'ec2',
    action: 'DescribeInstances',
    input: { Action: 'DescribeInstances', 'InstanceId.1': 'i-1' },
  });
});

test('a REST call is named by method and path, without the query', () => {
  const call = parse(
    '/2015-03-31/functions/f/invocations?Qualifier=live',
    { authorization: signedFor('lambda') },
    '[1]',
  );
  expect(call).toMatchObject({ service: 'lambda', action: 'POST /2015-03-31/functions/f/invocations', input: {} });
  expect(call.path).toBe('/2015-03-31/functions/f/invocations?Qualifier=live');
});

test.each(['/2015-03-31/functions/f/invocations', '/2025-12-01/durable-executions/a/checkpoint'])(
  'an unsigned call of %s is for lambda',
  (path) => {
    expect(parse(path, {}, '{}')).toMatchObject({ service: 'lambda', accessKeyId: '' });
  },
);

test('a presigned call carries its signature in the query', () => {
  const path = '/?Action=GetCallerIdentity&X-Amz-Credential=AKIAP%2F20261123%2Fus-east-1%2Fsts%2Faws4_request';
  expect(parse(path, {}, '', 'GET')).toMatchObject({
    service: 'sts',
    accessKeyId: 'AKIAP',
    action: 'GetCallerIdentity',
  });
});

test('a compressed body is decoded, and no longer called compressed', () => {
  const headers = { authorization: signedFor('monitoring'), 'content-encoding': 'gzip' };
  const call = parse('/', headers, gzipSync('{"Namespace":"SelfHealing"}'));
  expect(call.input).toEqual({ Namespace: 'SelfHealing' });
  expect(call.body.toString()).toBe('{"Namespace":"SelfHealing"}');
  expect(call.headers['content-encoding']).toBeUndefined();
});

test('a call that says nothing of itself has service unknown', () => {
  expect(parse('/x', {}, 'not json')).toMatchObject({ service: 'unknown', action: 'POST /x', input: {} });
});
