import { App } from 'aws-cdk-lib';
import flags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };
import { OrdersStack } from './orders-stack.ts';

new OrdersStack(new App({ context: flags }), 'Orders');
