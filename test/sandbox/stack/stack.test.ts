import { type ResourceChange, SandboxStack } from '../../../sandbox/stack/stack.ts';
import type { DeletionPolicy, TemplateResource } from '../../../sandbox/stack/template.ts';
import { openAccount, type SmallAccount, synthesizedOf } from './account.ts';

const content = (words: string) => ({
  schemaVersion: '2.2',
  mainSteps: [{ name: 'say', action: 'aws:runShellScript', inputs: { runCommand: [`echo ${words}`] } }],
});

const document = (Name: string, more: Partial<TemplateResource> = {}): TemplateResource => ({
  Type: 'AWS::SSM::Document',
  Properties: { Name, Content: content(Name) },
  ...more,
});

/** What the CDK makes of a function whose code has this hash, and of its version and alias. */
const heal = (hash: string, DeletionPolicy: DeletionPolicy = 'RetainExceptOnCreate') => {
  const FunctionName = { Ref: 'Function' };
  return {
    Role: { Type: 'AWS::IAM::Role', Properties: {} },
    Function: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: 'web-heal',
        Handler: 'index.handler',
        Code: { S3Key: `${hash}.zip` },
        Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
      },
    },
    [`Version${hash}`]: { Type: 'AWS::Lambda::Version', Properties: { FunctionName }, DeletionPolicy },
    Live: {
      Type: 'AWS::Lambda::Alias',
      Properties: { FunctionName, FunctionVersion: { 'Fn::GetAtt': [`Version${hash}`, 'Version'] }, Name: 'live' },
    },
  } satisfies Record<string, TemplateResource>;
};

describe('a stack', () => {
  let account: SmallAccount;
  let stack: SandboxStack;
  let changes: string[];
  beforeEach(() => {
    account = openAccount();
    stack = new SandboxStack(account.services);
    changes = [];
  });
  afterEach(() => account.close());

  const note = ({ action, logicalId }: ResourceChange) => void changes.push(`${action} ${logicalId}`);
  const failAt = (at: string) => (change: ResourceChange) => {
    note(change);
    if (`${change.action} ${change.logicalId}` === at) throw new Error('injected');
  };
  const kept = (resources: readonly { readonly logicalId: string }[]) => resources.map(({ logicalId }) => logicalId);

  test('makes each resource after those that it needs, changes what changed, and removes in the end', async () => {
    await stack.deploy(synthesizedOf({ ...heal('A'), Old: document('web-old'), Same: document('web-same') }), {
      before: note,
    });
    expect(changes).toEqual(
      ['Role', 'Function', 'VersionA', 'Live', 'Old', 'Same'].map((logicalId) => `create ${logicalId}`),
    );

    changes = [];
    const left = await stack.deploy(
      synthesizedOf({ New: document('web-new'), ...heal('B'), Same: document('web-same') }),
      { before: note },
    );
    expect(changes).toEqual(['create New', 'update Function', 'create VersionB', 'update Live', 'remove Old']);
    expect(kept(left)).toEqual(['VersionA']);
    expect(await account.documents()).toEqual(['web-new', 'web-same']);
    expect(account.versions('web-heal')).toEqual(['$LATEST', '1', '2', 'live -> 2']);
  });

  test('goes back to an earlier content: its document finds its name free, its version is a new one', async () => {
    const [A, B] = (['A', 'B'] as const).map((hash) =>
      synthesizedOf({ ...heal(hash), [hash]: document(`web-${hash}`) }),
    );
    for (const synthesized of [A, B, A]) if (synthesized !== undefined) await stack.deploy(synthesized);
    expect(await account.documents()).toEqual(['web-A']);
    expect(account.versions('web-heal')).toEqual(['$LATEST', '1', '2', '3', 'live -> 3']);
  });

  test('is what it was after a deployment that failed, whatever it had done, and takes the same one then', async () => {
    await stack.deploy(synthesizedOf({ ...heal('A'), Old: document('web-old') }));
    const B = synthesizedOf({ New: document('web-new'), ...heal('B'), Last: document('web-last') });
    await expect(stack.deploy(B, { before: failAt('create Last') })).rejects.toThrow(
      'web is as it was, its deployment failed: injected',
    );
    expect(changes).toEqual([
      'create New',
      'update Function',
      'create VersionB',
      'update Live',
      'create Last',
      'remove VersionB',
      'remove New',
    ]);
    expect(await account.documents()).toEqual(['web-old']);
    expect(account.versions('web-heal')).toEqual(['$LATEST', '1', 'live -> 1']);
    expect(account.lambda.functions.resolve('web-heal').definition.codeSha256).toBe('A');

    await stack.deploy(B);
    expect(account.versions('web-heal')).toEqual(['$LATEST', '1', '3', 'live -> 3']);
    expect(await account.documents()).toEqual(['web-last', 'web-new']);
  });

  test('whose versions were retained without exception could not: the failed deployment leaves one behind', async () => {
    await stack.deploy(synthesizedOf(heal('A', 'Retain')));
    const B = synthesizedOf({ ...heal('B', 'Retain'), Last: document('web-last') });
    await expect(stack.deploy(B, { before: failAt('create Last') })).rejects.toThrow('injected');
    expect(account.versions('web-heal')).toEqual(['$LATEST', '1', '2', 'live -> 1']);
    await expect(stack.deploy(B)).rejects.toThrow(
      'A version for this Lambda function exists ( 2 ). Modify the function to create a new version.',
    );
  });

  test('that could not be made leaves nothing but what it was told to retain', async () => {
    const kinds = {
      Gone: document('web-gone'),
      Kept: document('web-kept', { DeletionPolicy: 'Retain' }),
      Unborn: document('web-unborn', { DeletionPolicy: 'RetainExceptOnCreate' }),
      Last: document('web-last'),
    };
    await expect(stack.deploy(synthesizedOf(kinds), { before: failAt('create Last') })).rejects.toThrow('injected');
    expect(await account.documents()).toEqual(['web-kept']);
    expect(stack.deployed.functions.size).toBe(0);
  });

  test('is destroyed, the dependent first; what is retained stays, save what goes with something else', async () => {
    await stack.deploy(
      synthesizedOf({ ...heal('A'), Kept: document('web-kept', { DeletionPolicy: 'RetainExceptOnCreate' }) }),
    );
    expect(kept(await stack.destroy({ before: note }))).toEqual(['Kept', 'VersionA']);
    expect(changes).toEqual(['remove Live', 'remove Function', 'remove Role']);
    expect(await account.documents()).toEqual(['web-kept']);
    expect(account.lambda.functions.list()).toEqual([]);
  });

  test('that a resource keeps from being destroyed is destroyed at the next try', async () => {
    await stack.deploy(synthesizedOf({ ...heal('A'), Document: document('web-document') }));
    await expect(stack.destroy({ before: failAt('remove Function') })).rejects.toThrow('injected');
    expect(kept(await stack.destroy({ before: note }))).toEqual([]);
    expect(account.lambda.functions.list()).toEqual([]);
  });

  test('replaces a resource under another name, and follows UpdateReplacePolicy', async () => {
    const named = (Name: string) => document(Name, { UpdateReplacePolicy: 'Retain' });
    await stack.deploy(synthesizedOf({ One: named('web-a'), Two: document('web-b') }));
    const left = await stack.deploy(synthesizedOf({ One: named('web-c'), Two: document('web-d') }), { before: note });
    expect(changes).toEqual(['replace One', 'replace Two', 'remove Two']);
    expect(kept(left)).toEqual(['One']);
    expect(await account.documents()).toEqual(['web-a', 'web-c', 'web-d']);
  });

  test.each([
    [
      'replacing what it named itself',
      { One: document('web-one', { Properties: { Name: 'web-one', Content: content('other') } }) },
      'cannot update a stack when a custom-named resource requires replacing. Rename web-one and update the stack again',
    ],
    [
      'another type under the same logical id',
      { One: { Type: 'AWS::IAM::Role' } },
      'Update of resource type is not permitted: One is a AWS::SSM::Document',
    ],
    ['a name that is taken', { One: document('web-one'), Two: document('web-one') }, 'already exists'],
    [
      'a type that the sandbox does not know',
      { One: document('web-one'), Bucket: { Type: 'AWS::S3::Bucket' } },
      'the sandbox does not know the resource type AWS::S3::Bucket of Bucket',
    ],
  ])('refuses %s', async (_, Resources, message) => {
    await stack.deploy(synthesizedOf({ One: document('web-one') }));
    await expect(stack.deploy(synthesizedOf(Resources))).rejects.toThrow(message);
    expect(await account.documents()).toEqual(['web-one']);
  });

  test('follows roles and rules; a role says at any moment what it may', async () => {
    const parts = (Action: string, minutes: number) => ({
      Role: { Type: 'AWS::IAM::Role' },
      Policy: {
        Type: 'AWS::IAM::Policy',
        Properties: {
          Roles: [{ Ref: 'Role' }],
          PolicyDocument: { Statement: [{ Effect: 'Allow', Action, Resource: '*' }] },
        },
      },
      Rule: {
        Type: 'AWS::Events::Rule',
        Properties: { ScheduleExpression: `rate(${minutes} minutes)`, Targets: [{ Arn: 'arn:somebody' }] },
      },
    });
    await stack.deploy(synthesizedOf(parts('ssm:ListCommands', 5)));
    await stack.deploy(synthesizedOf(parts('ssm:SendCommand', 10)));
    const { statements, rules } = stack.deployed;
    expect([...statements.values()]).toEqual([[{ Effect: 'Allow', Action: 'ssm:SendCommand', Resource: '*' }]]);
    expect([...statements.keys()]).toEqual([expect.stringMatching(/^web-Role-[0-9A-F]{12}$/)]);
    expect(rules).toEqual([{ everySeconds: 600, targetArns: ['arn:somebody'] }]);
  });
});
