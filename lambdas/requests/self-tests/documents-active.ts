import { DescribeDocumentCommand } from '@aws-sdk/client-ssm';
import { ssm } from '../../aws/clients.ts';
import { type SelfTest, verdict } from './self-test.ts';

/** Every command document that the policy names is there and active. */
export const documentsActive: SelfTest = {
  id: 'documents-active',
  run: async ({ remedies, maintenance }) => {
    const names = [...Object.values(remedies), ...maintenance.chores].flatMap(({ documents }) =>
      Object.values(documents),
    );
    const problems = await Promise.all(names.map(problemOf));
    return verdict(problems.flat(), `${names.length} command documents are active`, 'deploy the stack again');
  },
};

async function problemOf(name: string): Promise<string[]> {
  const { Document } = await ssm().send(new DescribeDocumentCommand({ Name: name }));
  return Document?.Status === 'Active' ? [] : [`${name} is ${Document?.Status ?? 'in no state'}, not Active`];
}
