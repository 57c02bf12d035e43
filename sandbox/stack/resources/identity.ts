import type { Statement } from '../deployed.ts';
import { listOf, recordOf, textOf } from '../properties.ts';
import { ACCOUNT } from '../../account.ts';
import type { ResourceMaker } from './resource-maker.ts';

/** AWS::IAM::Role: its statements are kept, so that a policy simulator can ask them. */
export const role: ResourceMaker = ({ logicalId, properties, deployed }) => {
  const managed = listOf(properties['ManagedPolicyArns']);
  if (managed.length > 0)
    throw new Error(`${logicalId} has managed policies, which no simulator sees: ${managed.join(', ')}`);
  const statements = listOf(properties['Policies']).flatMap((policy) =>
    statementsOf(recordOf(policy)['PolicyDocument']),
  );
  deployed.statements.set(logicalId, [...(deployed.statements.get(logicalId) ?? []), ...statements]);
  return { ref: logicalId, attributes: { Arn: `arn:aws:iam::${ACCOUNT}:role/${logicalId}` } };
};

/** AWS::IAM::Policy: adds its statements to its roles. */
export const policy: ResourceMaker = ({ logicalId, properties, deployed }) => {
  for (const name of listOf(properties['Roles']).map((one) => textOf(one, 'a role'))) {
    const statements = statementsOf(properties['PolicyDocument']);
    deployed.statements.set(name, [...(deployed.statements.get(name) ?? []), ...statements]);
  }
  return { ref: logicalId, attributes: {} };
};

function statementsOf(document: unknown): Statement[] {
  return JSON.parse(JSON.stringify(listOf(recordOf(document)['Statement'])));
}
