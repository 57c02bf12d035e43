import { GetAliasCommand, ListVersionsByFunctionCommand } from '@aws-sdk/client-lambda';
import { ListDocumentsCommand } from '@aws-sdk/client-ssm';
import { LIVE_ALIAS, OPT_IN_TAG } from '../core/names.ts';
import { lambda, ssm } from './clients.ts';

/** The versions of a function that its live alias does not point to; `$LATEST` is none. */
export async function replacedVersions(functionName: string): Promise<string[]> {
  const { FunctionVersion: live } = await lambda().send(
    new GetAliasCommand({ FunctionName: functionName, Name: LIVE_ALIAS }),
  );
  const found: string[] = [];
  let Marker: string | undefined;
  do {
    const page = await lambda().send(new ListVersionsByFunctionCommand({ FunctionName: functionName, Marker }));
    found.push(...(page.Versions ?? []).flatMap(({ Version }) => (Version === undefined ? [] : [Version])));
    Marker = page.NextMarker;
  } while (Marker !== undefined);
  return found.filter((version) => version !== live && version !== '$LATEST');
}

/** Names of the command documents that carry the stack's tag. */
export async function taggedDocuments(stack: string): Promise<string[]> {
  const found: string[] = [];
  let NextToken: string | undefined;
  do {
    const page = await ssm().send(
      new ListDocumentsCommand({
        Filters: [
          { Key: 'Owner', Values: ['Self'] },
          { Key: `tag:${OPT_IN_TAG}`, Values: [stack] },
        ],
        NextToken,
      }),
    );
    found.push(...(page.DocumentIdentifiers ?? []).flatMap(({ Name }) => (Name === undefined ? [] : [Name])));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return found;
}
