import { CreateTopicCommand, DeleteTopicCommand, SubscribeCommand, UnsubscribeCommand } from '@aws-sdk/client-sns';
import { textOf } from '../properties.ts';
import { generatedName, type ResourceType } from './resource-type.ts';

/** AWS::SNS::Topic. */
export const topic: ResourceType = {
  replacedBy: ['TopicName', 'FifoTopic'],
  nameProperty: 'TopicName',
  create: async (context) => {
    const name = generatedName(context);
    const { TopicArn } = await context.services.aws.sns.send(new CreateTopicCommand({ Name: name }));
    const arn = textOf(TopicArn, 'TopicArn');
    return { ref: arn, attributes: { TopicArn: arn, TopicName: name } };
  },
  // encryption and display name change nothing here
  update: (_context, current) => current,
  remove: async ({ services }, { ref }) => {
    await services.aws.sns.send(new DeleteTopicCommand({ TopicArn: ref }));
  },
};

/** AWS::SNS::Subscription. */
export const subscription: ResourceType = {
  replacedBy: ['TopicArn', 'Protocol', 'Endpoint'],
  create: async ({ properties, services }) => {
    const { SubscriptionArn } = await services.aws.sns.send(
      new SubscribeCommand({
        TopicArn: textOf(properties['TopicArn'], 'TopicArn'),
        Protocol: textOf(properties['Protocol'], 'Protocol'),
        Endpoint: textOf(properties['Endpoint'], 'Endpoint'),
      }),
    );
    return { ref: SubscriptionArn ?? '', attributes: {} };
  },
  remove: async ({ services }, { ref }) => {
    await services.aws.sns.send(new UnsubscribeCommand({ SubscriptionArn: ref }));
  },
};
