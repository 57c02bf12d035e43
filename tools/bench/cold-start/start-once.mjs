// Starts one bundle in this fresh process and prints what that took: from the import to the function's first API call, which
// is not sent.
// Node's own start is left out. Plain JavaScript, so that the measured process strips no types.
import { writeSync } from 'node:fs';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';

const [bundleUrl = '', event = ''] = process.argv.slice(2);
const cpuBefore = process.cpuUsage();
const startedAt = performance.now();

const { request } = https;
https.request = (options) => {
  const { headers = {}, path = '' } = options;
  // a durable step begins while its checkpoint is on the way: which of the two comes first is chance
  if (path.endsWith('/checkpoint')) return request(options);
  const wallMillis = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpuBefore);
  const [, service = ''] = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)/.exec(headers['authorization'] ?? '') ?? [];
  const firstCall = `${service} ${headers['x-amz-target'] ?? path}`;
  writeSync(1, JSON.stringify({ wallMillis, cpuMillis: (user + system) / 1000, firstCall }));
  process.exit(0);
};
syncBuiltinESMExports();

const { handler } = await import(bundleUrl);
const answer = await handler(JSON.parse(event), {
  awsRequestId: 'bench',
  getRemainingTimeInMillis: () => 60_000,
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:bench:live',
});
throw new Error(`it ended without a call, with ${JSON.stringify(answer)}`);
