import { Stack, Stage, Tags } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { ConfigError, OPT_IN_TAG, OPT_OUT_TAG, SelfHealing, SelfHealingStack } from '../../lib/index.ts';
import { checkedTemplate, somebodysApp } from './somebodys-app.ts';
import { propertiesOf, resourcesOf, statementsByFunction } from './synthesized.ts';

const env = { account: '123456789012', region: 'eu-central-1' };
const config = { stackName: 'fleet' } as const;

/** Ids of resources as they are when each construct is called for what it is. */
const named = (id: string) => id.replace(/[0-9A-F]{8}$/, '');

describe("inside somebody's stack", () => {
  const app = somebodysApp({ heldAgainstCloudFormation: true });
  const stack = new Stack(app, 'Shop', { env });
  const healing = new SelfHealing(stack, 'Healing', { config });
  Tags.of(stack).add('team', 'shop');
  const template = checkedTemplate(app, stack);

  test('it is all there, passes cdk-nag in a stack of one region, and is called by its own name', () => {
    const names = propertiesOf(template, 'AWS::Lambda::Function').map(({ FunctionName }) => FunctionName);
    expect(names).toEqual([
      'fleet-run-command',
      'fleet-change-instance',
      'fleet-remediate-incident',
      'fleet-maintain-fleet',
      'fleet-open-incident',
      'fleet-answer-request',
      'fleet-send-sns',
      'fleet-notify',
      'fleet-sweep-incidents',
    ]);
    expect(resourcesOf(template, 'AWS::DynamoDB::GlobalTable').map(([id]) => named(id))).toEqual([
      'HealingStateTable',
      'HealingAuditTable',
    ]);
    const alarms = propertiesOf(template, 'AWS::CloudWatch::Alarm').map(({ AlarmName }) => AlarmName);
    expect(alarms).toEqual(expect.arrayContaining(['fleet-disk-full', 'fleet-cpu-saturated']));
  });

  test('the name and the tag by which instances are opted in are given to the stack', () => {
    expect([OPT_IN_TAG, healing.name]).toEqual(['self-healing:stack', 'fleet']);
    expect(OPT_OUT_TAG).toBe('self-healing:opt-out');
  });

  test('it adds no outputs: those are of the stack that it stands in', () => {
    expect(template.Outputs ?? {}).toEqual({});
  });
});

test('a stack of no region passes cdk-nag too, and one of one region in a stage', () => {
  const anywhere = somebodysApp();
  expect(() => checkedTemplate(anywhere, new SelfHealingStack(anywhere, 'SelfHealing', { config }))).not.toThrow();
  const staged = somebodysApp();
  new SelfHealingStack(new Stage(staged, 'Production', { env }), 'SelfHealing', { config });
  expect(() => staged.synth()).not.toThrow();
});

test('the stack is called as the configuration says, and its tables keep their ids from one version to the next', () => {
  const app = somebodysApp();
  const stack = new SelfHealingStack(app, 'SelfHealing', { config, env });
  const template = checkedTemplate(app, stack);
  expect(stack.stackName).toBe('fleet');
  expect(resourcesOf(template, 'AWS::DynamoDB::GlobalTable').map(([id]) => id)).toEqual([
    'StateTable962DE04C',
    'AuditTable18A3095C',
  ]);
});

test('two of different names stand side by side, each with its own tag', () => {
  const app = somebodysApp();
  const stack = new Stack(app, 'Shop', { env });
  new SelfHealing(stack, 'One', { config: { stackName: 'one' } });
  new SelfHealing(stack, 'Two', { config: { stackName: 'two' } });
  const sending = [...statementsByFunction(checkedTemplate(app, stack))].flatMap(([name, statements]) =>
    statements
      .filter(({ actions, conditions }) => actions.includes('ssm:SendCommand') && 'StringEquals' in conditions)
      .map(({ conditions }) => [name, conditions['StringEquals']]),
  );
  expect(sending).toEqual([
    ['one-run-command', { 'ssm:resourceTag/self-healing:stack': 'one' }],
    ['two-run-command', { 'ssm:resourceTag/self-healing:stack': 'two' }],
  ]);
});

describe('topics of their own', () => {
  /** The template with topics that `make` gives, and what its sender may. */
  function withTopics(make: (stack: Stack) => ConstructorParameters<typeof SelfHealing>[2]['topics']) {
    const app = somebodysApp();
    const stack = new Stack(app, 'Shop', { env });
    const topics = make(stack);
    new SelfHealing(stack, 'Healing', {
      config: { stackName: 'fleet', notifications: { criticalEmails: ['oncall@example.com'] } },
      ...(topics === undefined ? {} : { topics }),
    });
    const template = checkedTemplate(app, stack);
    const sender = statementsByFunction(template).get('fleet-send-sns') ?? [];
    return { template, sender };
  }

  test('get the messages, and the addresses of the configuration; the other is made', () => {
    const { template, sender } = withTopics((stack) => ({
      critical: new Topic(stack, 'Oncall', { enforceSSL: true }),
    }));
    const [own, made] = resourcesOf(template, 'AWS::SNS::Topic').map(([id]) => id);
    expect([own, made].map((id) => named(id ?? ''))).toEqual(['Oncall', 'HealingSnsChannelWarning']);
    const variables = propertiesOf(template, 'AWS::Lambda::Function').find(
      ({ FunctionName }) => FunctionName === 'fleet-send-sns',
    );
    expect(variables).toMatchObject({
      Environment: { Variables: { CRITICAL_TOPIC_ARN: { Ref: own }, WARNING_TOPIC_ARN: { Ref: made } } },
    });
    expect(sender.find(({ actions }) => actions.includes('sns:Publish'))?.resources.toSorted()).toEqual([
      `\${${made}}`,
      `\${${own}}`,
    ]);
    const [subscription] = propertiesOf(template, 'AWS::SNS::Subscription');
    expect(subscription).toMatchObject({ Endpoint: 'oncall@example.com', TopicArn: { Ref: own } });
    expect(sender.flatMap(({ actions }) => actions).filter((action) => action.startsWith('kms:'))).toEqual([]);
  });

  test('that are encrypted: the sender may use their keys, and no other', () => {
    const { template, sender } = withTopics((stack) => {
      const masterKey = new Key(stack, 'Key', { enableKeyRotation: true });
      return { critical: new Topic(stack, 'Oncall', { enforceSSL: true, masterKey }) };
    });
    const [key] = resourcesOf(template, 'AWS::KMS::Key').map(([id]) => id);
    expect(sender.filter(({ actions }) => actions.some((action) => action.startsWith('kms:')))).toEqual([
      { actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [`\${${key}.Arn}`], conditions: {} },
    ]);
  });

  describe('for self-alarms: CloudWatch itself must be let in', () => {
    const policiesOf = (topic: (stack: Stack) => ITopic) => {
      const { template } = withTopics((stack) => ({ selfAlarms: topic(stack) }));
      const [id = 'none'] = resourcesOf(template, 'AWS::SNS::Topic').map(([logicalId]) => logicalId);
      const of = (type: string) =>
        propertiesOf(template, type).filter((policy) => JSON.stringify(policy).includes('cloudwatch.amazonaws.com'));
      return { id, topic: of('AWS::SNS::TopicPolicy'), key: of('AWS::KMS::Key') };
    };

    test('where the topic has a policy of its own', () => {
      const { id, topic } = policiesOf((stack) => new Topic(stack, 'Operations', { enforceSSL: true }));
      const allowed = {
        Effect: 'Allow',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Action: 'sns:Publish',
        Resource: { Ref: id },
        Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' } },
      };
      expect(topic).toMatchObject([
        { Topics: [{ Ref: id }], PolicyDocument: { Statement: [{ Effect: 'Deny' }, allowed] } },
      ]);
    });

    test('where the topic is encrypted', () => {
      const { key } = policiesOf((stack) => {
        const masterKey = new Key(stack, 'Key', { enableKeyRotation: true });
        return new Topic(stack, 'Operations', { enforceSSL: true, masterKey });
      });
      const allowed = {
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      };
      expect(key).toMatchObject([
        { KeyPolicy: { Statement: expect.arrayContaining([expect.objectContaining(allowed)]) } },
      ]);
    });

    test('the default policy of a topic lets it in, and is not taken away', () => {
      const { topic } = policiesOf((stack) =>
        Topic.fromTopicArn(stack, 'Operations', 'arn:aws:sns:eu-central-1:123456789012:operations'),
      );
      expect(topic).toEqual([]);
    });
  });

  test('that are of another stack or app may be one and the same', () => {
    const arn = 'arn:aws:sns:eu-central-1:123456789012:operations';
    const { sender } = withTopics((stack) => {
      const operations = Topic.fromTopicArn(stack, 'Operations', arn);
      return { critical: operations, warning: operations };
    });
    expect(sender.find(({ actions }) => actions.includes('sns:Publish'))?.resources).toEqual([arn]);
  });

  test('that are FIFO are refused: they tell no person', () => {
    expect(() => withTopics((stack) => ({ warning: new Topic(stack, 'Orders', { fifo: true }) }))).toThrow(
      new ConfigError(
        'topics.warning is Shop/Orders, a FIFO topic; allowed is a standard one, which can tell people by e-mail',
      ),
    );
  });
});
