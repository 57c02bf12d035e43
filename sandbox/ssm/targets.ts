import type { Input } from './input.ts';
import { objectListField, requiredString, stringListField } from './input.ts';
import type { ManagedInstances } from './managed-instance.ts';
import { isReachable } from './managed-instance.ts';
import { SsmError } from './ssm-error.ts';

/** One `Targets` entry of SendCommand. */
export interface Target {
  readonly Key: string;
  readonly Values: readonly string[];
}

const MAXIMUM_INSTANCES = 50;
const MAXIMUM_TARGETS = 5;

/** What SendCommand shall run on, and how that was said. */
export interface ChosenInstances {
  readonly instanceIds: readonly string[];
  readonly named: readonly string[];
  readonly targets: readonly Target[];
}

/** The instances that SendCommand's InstanceIds or Targets mean; fails as AWS does where they mean none or too many. */
export async function chooseInstances(
  input: Input,
  instances: ManagedInstances,
  instanceTags: (instanceId: string) => Promise<Record<string, string>>,
): Promise<ChosenInstances> {
  const named = stringListField(input, 'InstanceIds');
  const targets = objectListField(input, 'Targets').map((target) => ({
    Key: requiredString(target, 'Key'),
    Values: stringListField(target, 'Values'),
  }));
  if ((named.length === 0) === (targets.length === 0)) {
    throw new SsmError('ValidationException', 'exactly one of InstanceIds and Targets must be given, and not be empty');
  }
  if (named.length > MAXIMUM_INSTANCES || targets.length > MAXIMUM_TARGETS) {
    throw new SsmError(
      'ValidationException',
      `1 validation error detected: ${named.length} instanceIds and ${targets.length} targets; Member must have length less than or equal to ${named.length > 0 ? MAXIMUM_INSTANCES : MAXIMUM_TARGETS}`,
    );
  }
  if (new Set(named).size < named.length) throw new SsmError('DuplicateInstanceId', 'an instance id is given twice');
  if (named.length > 0) {
    refuseUnreachable(named, instances);
    return { instanceIds: named, named, targets: [] };
  }
  const instanceIds: string[] = [];
  for (const instanceId of instances.keys()) {
    if (await isTargeted(instanceId, targets, instanceTags)) instanceIds.push(instanceId);
  }
  for (const { Key, Values } of targets) if (Key === 'InstanceIds') refuseUnreachable(Values, instances);
  return { instanceIds, named: [], targets };
}

function refuseUnreachable(instanceIds: readonly string[], instances: ManagedInstances): void {
  const unreachable = instanceIds.filter((instanceId) => !isReachable(instances.get(instanceId)));
  if (unreachable.length > 0) {
    throw new SsmError(
      'InvalidInstanceId',
      `Instances [[${unreachable.join(', ')}]] not in a valid state for account 123456789012`,
    );
  }
}

/** Whether all targets mean an instance. */
export async function isTargeted(
  instanceId: string,
  targets: readonly Target[],
  instanceTags: (instanceId: string) => Promise<Record<string, string>>,
): Promise<boolean> {
  for (const { Key, Values } of targets) {
    if (Key === 'InstanceIds') {
      if (!Values.includes(instanceId)) return false;
    } else if (Key === 'tag-key' || Key.startsWith('tag:')) {
      const tags = await instanceTags(instanceId);
      const value = tags[Key.slice('tag:'.length)];
      const matches =
        Key === 'tag-key' ? Values.some((name) => name in tags) : value !== undefined && Values.includes(value);
      if (!matches) return false;
    } else {
      throw new SsmError('InvalidTarget', `the target key ${Key} is not InstanceIds, tag-key or tag:<name>`);
    }
  }
  return true;
}
