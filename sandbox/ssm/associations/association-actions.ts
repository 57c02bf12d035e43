import type { Input } from '../input.ts';
import { requiredString, stringListField } from '../input.ts';
import { paginate } from '../paginate.ts';
import { SsmError } from '../ssm-error.ts';
import { type Association, type ExecutionTarget, newestTargets, overviewOf } from './association.ts';
import type { Associations } from './associations.ts';

type Action = (input: Input) => Input | Promise<Input>;

/** State Manager's part of the SSM API, by action. */
export function associationActions(associations: Associations): Readonly<Record<string, Action>> {
  return {
    CreateAssociation: (input) => ({ AssociationDescription: describe(associations.create(input)) }),
    UpdateAssociation: (input) => ({
      AssociationDescription: describe(associations.update(requiredString(input, 'AssociationId'), input)),
    }),
    DeleteAssociation: (input) => {
      associations.delete(requiredString(input, 'AssociationId'));
      return {};
    },
    DescribeAssociation: (input) => ({
      AssociationDescription: describe(associations.get(requiredString(input, 'AssociationId'))),
    }),
    ListAssociations: (input) => {
      const { page, nextToken } = paginate(input, associations.all);
      return { Associations: page.map(describe), NextToken: nextToken };
    },
    StartAssociationsOnce: (input) => {
      for (const id of stringListField(input, 'AssociationIds')) associations.runNow(id);
      return {};
    },
    DescribeAssociationExecutions: (input) => {
      const association = associations.get(requiredString(input, 'AssociationId'));
      const { page, nextToken } = paginate(input, association.executions.toReversed());
      return {
        AssociationExecutions: page.map(({ id, version, createdAtMillis, targets }) => ({
          AssociationId: association.id,
          AssociationVersion: String(version),
          ExecutionId: id,
          ...statusFields(overviewOf(targets)),
          CreatedTime: createdAtMillis / 1000,
          ResourceCountByStatus: `{${Object.entries(counts(targets))
            .map(([status, count]) => `${status}=${count}`)
            .join(', ')}}`,
        })),
        NextToken: nextToken,
      };
    },
    DescribeAssociationExecutionTargets: (input) => {
      const association = associations.get(requiredString(input, 'AssociationId'));
      const executionId = requiredString(input, 'ExecutionId');
      const execution = association.executions.find(({ id }) => id === executionId);
      if (execution === undefined)
        throw new SsmError('AssociationExecutionDoesNotExist', `no execution ${executionId}`);
      const { page, nextToken } = paginate(input, execution.targets);
      return {
        AssociationExecutionTargets: page.map((target) => ({
          AssociationId: association.id,
          AssociationVersion: String(execution.version),
          ExecutionId: executionId,
          ResourceId: target.instanceId,
          ResourceType: 'ManagedInstance',
          ...statusFields(target.status),
          ...(target.endedAtMillis === undefined ? {} : { LastExecutionDate: target.endedAtMillis / 1000 }),
          ...(target.command === undefined
            ? {}
            : { OutputSource: { OutputSourceId: target.command.id, OutputSourceType: 'RunCommand' } }),
        })),
        NextToken: nextToken,
      };
    },
    DescribeInstanceAssociationsStatus: (input) => {
      const instanceId = requiredString(input, 'InstanceId');
      const infos = associations.all.flatMap((association) => {
        const target = newestTargets(association).get(instanceId);
        return target === undefined ? [] : [instanceStatus(association, target)];
      });
      const { page, nextToken } = paginate(input, infos);
      return { InstanceAssociationStatusInfos: page, NextToken: nextToken };
    },
  };
}

function instanceStatus(association: Association, target: ExecutionTarget): Input {
  const { associationName, document } = association.content;
  return {
    AssociationId: association.id,
    AssociationName: associationName,
    AssociationVersion: String(association.version),
    DocumentVersion: '$DEFAULT',
    ExecutionDate: (target.endedAtMillis ?? association.updatedAtMillis) / 1000,
    InstanceId: target.instanceId,
    Name: document.name,
    ...statusFields(target.status),
  };
}

function describe(association: Association): Input {
  const { associationName, document, given, target, rateControls, scheduleExpression } = association.content;
  const targets = [...newestTargets(association).values()];
  return {
    AssociationId: association.id,
    AssociationName: associationName,
    AssociationVersion: String(association.version),
    Name: document.name,
    DocumentVersion: '$DEFAULT',
    Parameters: given,
    Targets: [target],
    MaxConcurrency: rateControls.maxConcurrency,
    MaxErrors: rateControls.maxErrors,
    ScheduleExpression: scheduleExpression,
    Date: association.createdAtMillis / 1000,
    LastUpdateAssociationDate: association.updatedAtMillis / 1000,
    Overview: { Status: overviewOf(targets), AssociationStatusAggregatedCount: counts(targets) },
  };
}

function counts(targets: readonly ExecutionTarget[]): Record<string, number> {
  const found: Record<string, number> = {};
  for (const { status } of targets) found[status] = (found[status] ?? 0) + 1;
  return found;
}

function statusFields(status: string): Input {
  return { Status: status, DetailedStatus: status };
}
