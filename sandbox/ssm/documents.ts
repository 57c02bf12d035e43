import { createHash } from 'node:crypto';
import { BUILT_IN_DOCUMENTS } from './built-in-documents.ts';
import type { DocumentContent } from './document-content.ts';
import { parseDocumentContent } from './document-content.ts';
import { SsmError } from './ssm-error.ts';

/** A command document as this account has it; there is only ever version 1. */
export interface StoredDocument {
  readonly name: string;
  readonly owner: string;
  readonly createdAtMillis: number;
  /** As it was sent: what GetDocument returns and the hash is of. */
  readonly text: string;
  readonly sha256: string;
  readonly content: DocumentContent;
  readonly tags: Readonly<Record<string, string>>;
}

export const ACCOUNT = '123456789012';
const MAXIMUM_DOCUMENT_BYTES = 64 * 1024;

/** The account's command documents, with those that AWS brings. */
export class Documents {
  readonly #documents = new Map<string, StoredDocument>();

  constructor(nowMillis: number) {
    for (const [name, content] of Object.entries(BUILT_IN_DOCUMENTS)) {
      this.#documents.set(name, stored(name, 'Amazon', content, nowMillis, {}));
    }
  }

  /** Adds a document; fails with DocumentAlreadyExists. */
  create(name: string, content: unknown, nowMillis: number, tags: StoredDocument['tags'] = {}): StoredDocument {
    if (!/^[a-zA-Z0-9_\-.]{3,128}$/.test(name) || /^(aws|amazon|amzn)/i.test(name)) {
      throw new SsmError(
        'ValidationException',
        `the document name ${name} is not 3 to 128 of a-z A-Z 0-9 _ - . or is AWS's own`,
      );
    }
    if (this.#documents.has(name)) {
      throw new SsmError('DocumentAlreadyExists', `Document with same name ${name} already exists`);
    }
    const document = stored(name, ACCOUNT, content, nowMillis, tags);
    this.#documents.set(name, document);
    return document;
  }

  /** Gives a document these tags instead of those that it has. */
  tag(name: string, tags: StoredDocument['tags']): void {
    this.#documents.set(name, { ...this.get(name), tags });
  }

  /** Removes one of the account's own documents. */
  delete(name: string): void {
    const document = this.get(name);
    if (document.owner !== ACCOUNT) throw new SsmError('InvalidDocument', `the document ${name} belongs to AWS`);
    this.#documents.delete(document.name);
  }

  /** The document of a name or ARN in one of its versions; fails with InvalidDocument or InvalidDocumentVersion. */
  get(nameOrArn: string, version = '$DEFAULT'): StoredDocument {
    const name = /^arn:[^:]+:ssm:[^:]*:[^:]*:document\/(.+)$/.exec(nameOrArn)?.[1] ?? nameOrArn;
    const document = this.#documents.get(name);
    if (document === undefined) {
      throw new SsmError('InvalidDocument', `Document with name ${nameOrArn} does not exist.`);
    }
    if (!['1', '$DEFAULT', '$LATEST'].includes(version)) {
      throw new SsmError('InvalidDocumentVersion', `Document version ${version} does not exist for document ${name}.`);
    }
    return document;
  }

  /** All documents by name. */
  list(): StoredDocument[] {
    return [...this.#documents.values()].toSorted((one, other) => (one.name < other.name ? -1 : 1));
  }
}

function stored(
  name: string,
  owner: string,
  content: unknown,
  createdAtMillis: number,
  tags: StoredDocument['tags'],
): StoredDocument {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  if (Buffer.byteLength(text) > MAXIMUM_DOCUMENT_BYTES) {
    throw new SsmError(
      'MaxDocumentSizeExceeded',
      `document ${name} has ${Buffer.byteLength(text)} bytes, not at most 65536`,
    );
  }
  const sha256 = createHash('sha256').update(text).digest('hex');
  return { name, owner, createdAtMillis, text, sha256, content: parseDocumentContent(text), tags };
}
