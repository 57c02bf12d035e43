import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ConfigError } from './config/define-config.ts';

/** A construct whose name is the value of the opt-in tag. */
interface Named extends Construct {
  readonly name: string;
}

const registered = new WeakMap<object, Named[]>();

/** Throws a ConfigError where two of one app and environment would share instances: the tag's value names one stack. */
export function requireUniqueName(construct: Named): void {
  const root = construct.node.root;
  const others = registered.get(root) ?? [];
  const { account, region } = Stack.of(construct);
  const twin = others.find((other) => {
    const its = Stack.of(other);
    return other.name === construct.name && its.account === account && its.region === region;
  });
  if (twin !== undefined) {
    throw new ConfigError(
      `two stacks are named ${JSON.stringify(construct.name)}: ${twin.node.path} and ${construct.node.path}; both would act on the same instances, give one another "stackName"`,
    );
  }
  registered.set(root, [...others, construct]);
}
