import { join, relative } from 'node:path';
import type { Sandbox } from '../sandbox.ts';

/** What a person can try next, as commands that work as they stand. */
export function whereToLook(sandbox: Sandbox, staysUp: boolean): string {
  const { endpoint, stackName } = sandbox;
  const [instanceId] = [...sandbox.fleet.members.keys()];
  const audit = [...sandbox.deployed.tables].find(([id]) => id.startsWith('Audit'))?.[1].name;
  const invoke = `aws lambda invoke --function-name ${stackName}-answer-request:live`;
  const request = (body: object): string =>
    `${invoke} --payload fileb:///dev/stdin answer.json <<< '${JSON.stringify(body)}'; cat answer.json`;
  const tryNext = [
    'Try next, in another terminal (any AWS client will do):',
    `  export AWS_ENDPOINT_URL=${endpoint} AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1 AWS_ACCESS_KEY_ID=me AWS_SECRET_ACCESS_KEY=me`,
    `  ${request({ request: 'check-health' })}`,
    `  ${request({ request: 'heal', instanceId, requestedBy: 'me', reason: 'a try' })}`,
    `  aws ssm send-command --document-name AWS-RunShellScript --instance-ids ${instanceId} --parameters commands='df -h /'`,
    `  aws dynamodb scan --table-name ${audit}`,
    '',
    'Ctrl-C ends it.',
  ];
  return [
    '',
    'Where to look:',
    ...foldersOf(sandbox).map((folder) => `  ${folder}   what just ran: check.sh, repair.sh, and a runbook for people`),
    '  lambdas/workflow/remediate.ts   the flow, told once; lambdas/core/guards/ is what may refuse',
    '  .sandbox/logs/          what each function logged;  .sandbox/outputs.json   endpoint, instances, tables, topics',
    '',
    ...(staysUp ? tryNext : []),
  ].join('\n');
}

/** `remedies/{disk-full,zombies}/`: one line a folder in which remedies lie. */
function foldersOf({ remedies }: Sandbox): string[] {
  const places = new Map<string, string[]>();
  for (const { slice, folder } of remedies) places.set(folder, [...(places.get(folder) ?? []), slice.id]);
  const root = join(import.meta.dirname, '../..');
  return [...places].map(([folder, ids]) => `${relative(root, folder)}/{${ids.join(',')}}/`);
}
