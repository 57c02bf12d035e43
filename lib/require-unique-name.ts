import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ConfigError } from './config/define-config.ts';

/** A construct whose name is the value of the opt-in tag. */
interface Named extends Construct {
  readonly name: string;
}

const registered = new WeakMap<object, Named[]>();

/**
 * Throws a ConfigError where two of one app may come into one account and region: they would share instances, for the tag's
 * value names one. A stack that is of no environment may be deployed to any.
 */
export function requireUniqueName(construct: Named): void {
  const { root } = construct.node;
  const others = registered.get(root) ?? [];
  const twin = others.find((other) => other.name === construct.name && mayMeet(Stack.of(other), Stack.of(construct)));
  if (twin !== undefined) {
    throw new ConfigError(
      `two stacks are named ${JSON.stringify(construct.name)}: ${twin.node.path} and ${construct.node.path}; both would act on the same instances: give one another "stackName", or each the "env" where it is deployed`,
    );
  }
  registered.set(root, [...others, construct]);
}

function mayMeet(one: Stack, other: Stack): boolean {
  return mayBeSame(one.account, other.account) && mayBeSame(one.region, other.region);
}

function mayBeSame(one: string, other: string): boolean {
  return one === other || Token.isUnresolved(one) || Token.isUnresolved(other);
}
