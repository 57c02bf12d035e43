import type { StoredDocument, Documents } from './documents.ts';
import type { Input } from './input.ts';
import { objectListField, requiredString, stringField, stringListField } from './input.ts';
import { paginate } from './paginate.ts';
import { SsmError } from './ssm-error.ts';

/** CreateDocument, for command documents in JSON. */
export function createDocument(documents: Documents, input: Input, nowMillis: number): Input {
  const type = stringField(input, 'DocumentType') ?? 'Command';
  const format = stringField(input, 'DocumentFormat') ?? 'JSON';
  if (type !== 'Command' || format !== 'JSON') {
    throw new SsmError(
      'ValidationException',
      `a ${type} document in ${format} cannot be created here, only Command in JSON`,
    );
  }
  const tags = objectListField(input, 'Tags').map((tag) => [
    requiredString(tag, 'Key'),
    stringField(tag, 'Value') ?? '',
  ]);
  const document = documents.create(
    requiredString(input, 'Name'),
    requiredString(input, 'Content'),
    nowMillis,
    Object.fromEntries(tags),
  );
  return { DocumentDescription: description(document) };
}

/** DescribeDocument. */
export function describeDocument(documents: Documents, input: Input): Input {
  return { Document: description(find(documents, input)) };
}

/** GetDocument: the content as it was sent. */
export function getDocument(documents: Documents, input: Input): Input {
  const document = find(documents, input);
  return { ...identifier(document), Status: 'Active', Content: document.text };
}

/** DeleteDocument. */
export function deleteDocument(documents: Documents, input: Input): Input {
  documents.delete(requiredString(input, 'Name'));
  return {};
}

/** ListDocuments, with the filters Name (as a prefix), Owner, DocumentType and tag:<key>. */
export function listDocuments(documents: Documents, input: Input): Input {
  const filters = objectListField(input, 'Filters').map((filter) => ({
    key: requiredString(filter, 'Key'),
    values: stringListField(filter, 'Values'),
  }));
  const matching = documents.list().filter((document) =>
    filters.every(({ key, values }) => {
      if (key === 'Name') return values.some((value) => document.name.startsWith(value));
      if (key === 'Owner') return values.some((value) => (value === 'Self') === (document.owner !== 'Amazon'));
      if (key === 'DocumentType') return values.includes('Command');
      if (key.startsWith('tag:')) return values.includes(document.tags[key.slice('tag:'.length)] ?? '');
      throw new SsmError('InvalidFilterKey', `the filter key ${key} is not Name, Owner, DocumentType or tag:<key>`);
    }),
  );
  const { page, nextToken } = paginate(input, matching);
  return { DocumentIdentifiers: page.map(identifier), NextToken: nextToken };
}

function find(documents: Documents, input: Input): StoredDocument {
  return documents.get(requiredString(input, 'Name'), stringField(input, 'DocumentVersion'));
}

function identifier(document: StoredDocument): Input {
  return {
    Name: document.name,
    CreatedDate: document.createdAtMillis / 1000,
    Owner: document.owner,
    PlatformTypes: ['Linux'],
    DocumentVersion: '1',
    DocumentType: 'Command',
    SchemaVersion: '2.2',
    DocumentFormat: 'JSON',
    Tags: Object.entries(document.tags).map(([Key, Value]) => ({ Key, Value })),
  };
}

function description(document: StoredDocument): Input {
  return {
    ...identifier(document),
    Hash: document.sha256,
    HashType: 'Sha256',
    Status: 'Active',
    Description: document.content.description,
    LatestVersion: '1',
    DefaultVersion: '1',
    Parameters: [...document.content.parameters].map(([name, parameter]) => ({
      Name: name,
      Type: parameter.type,
      Description: parameter.description,
      DefaultValue: typeof parameter.default === 'object' ? JSON.stringify(parameter.default) : parameter.default,
    })),
  };
}
