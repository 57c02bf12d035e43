import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { OPT_IN_TAG } from '../lambdas/core/names.ts';
import type { ChorePurpose, Purpose } from '../lambdas/core/purpose.ts';
import type { ChorePolicy } from '../lambdas/core/maintenance/maintenance.ts';
import type { RemedyPolicy } from '../lambdas/core/policy.ts';
import type { Chore } from '../remedies/chore.ts';
import { choreContent } from './chore-documents.ts';
import { commandDocument, digestOf } from './command-document.ts';
import type { LocatedSlice } from './config/remedies-of.ts';
import { documentContent, purposesOf } from './document-content.ts';

/**
 * The SSM command documents of every remedy and chore, named by a digest of their content: a name never means another script.
 * A document that is replaced goes: whoever sends is started by the `live` alias, and so knows the newest names.
 */
export class CommandDocuments extends Construct {
  /** Document names by remedy id, for the policy. */
  readonly names: Readonly<Record<string, RemedyPolicy['documents']>>;
  /** Document names by chore id, for the policy. */
  readonly choreNames: Readonly<Record<string, ChorePolicy['documents']>>;
  /** ARNs of all documents, for the one function that may send them. */
  readonly arns: readonly string[];
  /** Another one for another set of documents. */
  readonly digest: string;

  constructor(
    scope: Construct,
    id: string,
    props: {
      readonly stackName: string;
      readonly remedies: readonly LocatedSlice[];
      readonly chores: readonly Chore[];
    },
  ) {
    super(scope, id);
    const entries = props.remedies.map(
      (remedy) => [remedy.slice.id, this.#documentsOf(remedy, props.stackName)] as const,
    );
    this.names = Object.fromEntries(entries);
    const choreEntries = props.chores.map((chore) => {
      const document = (purpose: ChorePurpose) =>
        this.#document(chore.id, purpose, choreContent(chore, purpose), props.stackName);
      return [chore.id, { preview: document('preview'), clean: document('clean') }] as const;
    });
    this.choreNames = Object.fromEntries(choreEntries);
    const all = [...entries, ...choreEntries].flatMap(([, names]) => Object.values(names));
    this.digest = digestOf(all);
    this.arns = all.map((name) =>
      Stack.of(this).formatArn({ service: 'ssm', resource: 'document', resourceName: name }),
    );
  }

  #documentsOf({ slice, folder }: LocatedSlice, stackName: string): RemedyPolicy['documents'] {
    const [check, repair, undo] = purposesOf(slice).map((purpose) =>
      this.#document(slice.id, purpose, documentContent(slice, purpose, folder), stackName),
    );
    if (check === undefined || repair === undefined) throw new Error(`${slice.id} has no check or no repair`);
    return undo === undefined ? { check, repair } : { check, repair, undo };
  }

  #document(of: string, purpose: Purpose | ChorePurpose, content: Record<string, unknown>, stackName: string): string {
    const id = `${of}-${purpose}`;
    // by the tag the sweep finds those that no deployment uses any more
    const tags = [{ key: OPT_IN_TAG, value: stackName }];
    return commandDocument(this, { id, name: `${stackName}-${id}`, content, tags }).name;
  }
}
