import type { CallRecord } from '../../../sandbox/gateway/call-record.ts';
import type { Sandbox } from '../../../sandbox/sandbox.ts';

/** A call that is carried out, and whose answer the caller never gets: it is cut off, or killed as well. */
export interface Loss {
  readonly call: string;
  readonly killed: boolean;
}

interface Course {
  readonly key: string;
  /** What the calls of the incident have in them: part of its id, or its instance's id. */
  readonly marks: readonly string[];
  readonly seen: string[];
  readonly losses: readonly Loss[];
  readonly lost: Set<Loss>;
}

/** Names every call that changes something for the incidents that it follows, and loses the answers that a test chooses. */
export class LostAnswers {
  readonly #sandbox: Sandbox;
  readonly #functions: ReadonlyMap<string, string>;
  readonly #courses = new Map<string, Course>();
  /** Which environment made a call: a record has the very input of its call. */
  readonly #callers = new WeakMap<object, string>();
  readonly #end: () => void;

  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
    const prefix = `${sandbox.stackName}-`;
    this.#functions = new Map(
      [...sandbox.deployed.functions.values()].map(({ accessKeyId, name }) => [accessKeyId, name.slice(prefix.length)]),
    );
    this.#end = sandbox.gateway.intercept({
      beforeForward: (call) => {
        this.#callers.set(call.input, call.headers['x-amz-security-token'] ?? '');
        return undefined;
      },
      beforeAnswer: (record) => this.#ask(record),
    });
  }

  /** Follows the next incident with this key, and loses each of these answers once. */
  follow(key: string, instanceId: string, losses: readonly Loss[] = []): void {
    this.#courses.set(key, { key, marks: [key, instanceId], seen: [], losses, lost: new Set() });
  }

  /** Names of the changing calls so far: the function, the action and what it was about; ` (2)` where the same came before. */
  calls(key: string): readonly string[] {
    return this.#courses.get(key)?.seen ?? [];
  }

  /** Chosen answers that were never given, so that none was lost. */
  missed(key: string): string[] {
    const course = this.#courses.get(key);
    return (course?.losses ?? []).filter((loss) => !course?.lost.has(loss)).map(({ call }) => call);
  }

  stop(): void {
    this.#end();
  }

  async #ask(record: CallRecord): Promise<'drop' | undefined> {
    const caller = this.#functions.get(record.accessKeyId);
    const what = changeOf(record);
    if (caller === undefined || what === undefined || record.status >= 400) return undefined;
    const text = JSON.stringify(record.input);
    const course = [...this.#courses.values()].find(({ marks }) => marks.some((mark) => text.includes(mark)));
    if (course === undefined) return undefined;
    const plain = `${caller}: ${what}`;
    const repeated = course.seen.filter((name) => name.replace(/ \(\d+\)$/, '') === plain).length;
    const name = repeated === 0 ? plain : `${plain} (${repeated + 1})`;
    course.seen.push(name);
    const loss = course.losses.find(({ call }) => call === name);
    if (loss === undefined || course.lost.has(loss)) return undefined;
    course.lost.add(loss);
    if (loss.killed) await this.#sandbox.lambda.killEnvironment(this.#callers.get(record.input) ?? '');
    return 'drop';
  }
}

/** What a call changes; `undefined` for calls that only read, and for checkpoints, which have boundaries of their own. */
function changeOf({ service, action, input }: CallRecord): string | undefined {
  if (service === 'lambda') return /^POST \/2015-03-31\/functions\/.*\/invocations/.test(action) ? 'Invoke' : undefined;
  if (action === 'SendCommand')
    return `SendCommand ${/-(check|repair|undo)-/.exec(String(input['DocumentName']))?.[1]}`;
  if (/^(SendMessage|Publish)$/.test(action)) return action;
  if (!/^(PutItem|UpdateItem)$/.test(action)) return undefined;
  const text = JSON.stringify(input['Item'] ?? input['Key']);
  const [, table = ''] = /"(?:pk|order)":\{"S":"(.*?)"\}/.exec(text) ?? [];
  const kind = /^\d+#\d+#(.*)$/.exec(table)?.[1];
  const change = /^"(\w+)/.exec(JSON.stringify(input['UpdateExpression'] ?? ''))?.[1] ?? '';
  return `${action} ${kind === undefined ? table.split('#')[0] : `record ${kind}`} ${change}`.trim();
}
