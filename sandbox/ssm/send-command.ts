import { randomUUID } from 'node:crypto';
import type { ScaledClock } from '../clock.ts';
import type { Command } from './commands.ts';
import { executionSeconds } from './delivery.ts';
import type { Documents, StoredDocument } from './documents.ts';
import type { Input } from './input.ts';
import { integerField, requiredString, stringField } from './input.ts';
import type { ManagedInstances } from './managed-instance.ts';
import { givenParameters, resolveParameters } from './parameters.ts';
import { SsmError } from './ssm-error.ts';
import { chooseInstances } from './targets.ts';

const MAXIMUM_COMMENT_CHARACTERS = 100;
const LEAST_TIMEOUT_SECONDS = 30;
const MOST_TIMEOUT_SECONDS = 2_592_000;
const DEFAULT_TIMEOUT_SECONDS = 3600;

/** What SendCommand looks at. */
export interface SendContext {
  readonly documents: Documents;
  readonly instances: ManagedInstances;
  readonly clock: ScaledClock;
  readonly instanceTags: (instanceId: string) => Promise<Record<string, string>>;
}

/** Checks a SendCommand call and makes its command, not yet delivered; fails as AWS does. */
export async function makeCommand(input: Input, context: SendContext): Promise<Command> {
  const documentName = requiredString(input, 'DocumentName');
  const documentVersion = stringField(input, 'DocumentVersion') ?? '$DEFAULT';
  const document = context.documents.get(documentName, documentVersion);
  refuseOtherHash(input, document);
  const comment = stringField(input, 'Comment') ?? '';
  if (comment.length > MAXIMUM_COMMENT_CHARACTERS) {
    throw new SsmError(
      'ValidationException',
      `1 validation error detected: Value at 'comment' has ${comment.length} characters; Member must have length less than or equal to ${MAXIMUM_COMMENT_CHARACTERS}`,
    );
  }
  const timeoutSeconds =
    integerField(input, 'TimeoutSeconds', LEAST_TIMEOUT_SECONDS, MOST_TIMEOUT_SECONDS) ?? DEFAULT_TIMEOUT_SECONDS;
  const given = givenParameters(input);
  const values = resolveParameters(document.content.parameters, given);
  const { instanceIds, named, targets } = await chooseInstances(input, context.instances, context.instanceTags);
  const requestedAtMillis = context.clock.nowMillis();
  const lifetimeSeconds = timeoutSeconds + executionSeconds({ document, values });
  return {
    id: randomUUID(),
    documentName,
    documentVersion,
    document,
    comment,
    given,
    values,
    instanceIds: named,
    targets,
    timeoutSeconds,
    requestedAtMillis,
    sentAtRealMillis: Date.now(),
    expiresAtMillis: requestedAtMillis + lifetimeSeconds * 1000,
    invocations: instanceIds.map((instanceId) => ({
      instanceId,
      cancel: new AbortController(),
      state: { status: 'Pending', details: 'Pending' },
      steps: [],
    })),
  };
}

function refuseOtherHash(input: Input, document: StoredDocument): void {
  const hash = stringField(input, 'DocumentHash');
  if (hash === undefined) return;
  if ((stringField(input, 'DocumentHashType') ?? 'Sha256') !== 'Sha256' || hash !== document.sha256) {
    throw new SsmError(
      'InvalidDocument',
      `The hash of document ${document.name} is Sha256 ${document.sha256}, not ${hash}`,
    );
  }
}
