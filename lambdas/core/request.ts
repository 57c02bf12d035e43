import * as z from 'zod/mini';
import { RequestError } from './errors.ts';
import { quote } from './quote.ts';
import { isInstanceId } from './targets.ts';

/** What people may ask for. */
export const REQUESTS = ['heal', 'check-health', 'maintain', 'pause', 'resume'] as const;

interface Asked {
  readonly requestedBy: string;
  readonly reason: string;
}

/** A person's request, checked. */
export type PersonRequest =
  | (Asked & {
      readonly request: 'heal';
      readonly instanceId: string;
      /** Absent: every symptom whose alarm says so now, else every symptom that is known. */
      readonly symptom?: string;
      /** Absent: the part that the alarm names, else `/`; of services a person has to say which. */
      readonly part?: string;
    })
  | (Asked & { readonly request: 'check-health'; readonly instanceId?: string })
  | (Asked & {
      readonly request: 'maintain';
      readonly chore: string;
      /** Absent: the opted-in fleet. */
      readonly instanceId?: string;
      /** Only to say what would be cleaned. */
      readonly preview?: true;
    })
  | (Asked & { readonly request: 'pause' | 'resume' });

const words = z.string().check(z.minLength(1), z.maxLength(500), z.regex(/\S/));

const shape = z.strictObject({
  request: z.enum(REQUESTS),
  instanceId: z.optional(z.string()),
  symptom: z.optional(z.string()),
  part: z.optional(z.string()),
  chore: z.optional(z.string()),
  preview: z.optional(z.literal(true)),
  requestedBy: z.optional(words),
  reason: z.optional(words),
});

/** Keys that each request takes besides `request`, `requestedBy` and `reason`. */
const KEYS: Record<(typeof REQUESTS)[number], readonly string[]> = {
  heal: ['instanceId', 'symptom', 'part'],
  'check-health': ['instanceId'],
  maintain: ['chore', 'instanceId', 'preview'],
  pause: [],
  resume: [],
};

const EXAMPLE = '{"request": "heal", "instanceId": "i-0123456789abcdef0", "requestedBy": "who", "reason": "why"}';

/** Checks what a person sent; throws a RequestError that says what was wrong, what was got and what is allowed. */
export function parseRequest(input: unknown): PersonRequest {
  const parsed = shape.safeParse(input);
  if (!parsed.success) throw new RequestError(describeProblem(input, parsed.error.issues));
  const { request, instanceId, symptom, part, chore, preview, requestedBy, reason } = parsed.data;
  for (const [key, value] of Object.entries({ instanceId, symptom, part, chore, preview })) {
    if (value !== undefined && !KEYS[request].includes(key)) {
      const allowed = KEYS[request].length === 0 ? 'none: it is for the whole stack' : KEYS[request].join(', ');
      throw new RequestError(`"${request}" takes no "${key}", got ${JSON.stringify(value)}; allowed is ${allowed}`);
    }
  }
  if (instanceId !== undefined) requireInstanceId(instanceId);
  if (request === 'check-health') {
    return {
      request,
      requestedBy: requestedBy ?? 'unnamed',
      reason: reason ?? 'none given',
      ...(instanceId ? { instanceId } : {}),
    };
  }
  const who = required(request, 'requestedBy', requestedBy);
  const why = required(request, 'reason', reason);
  if (request === 'maintain') {
    if (chore === undefined)
      throw new RequestError('"maintain" needs "chore", got nothing; for example "clean-caches"');
    return {
      request,
      chore,
      requestedBy: who,
      reason: why,
      ...(instanceId === undefined ? {} : { instanceId }),
      ...(preview === undefined ? {} : { preview }),
    };
  }
  if (request !== 'heal') return { request, requestedBy: who, reason: why };
  return {
    request,
    instanceId: requireInstanceId(instanceId),
    requestedBy: who,
    reason: why,
    ...(symptom === undefined ? {} : { symptom }),
    ...(part === undefined ? {} : { part }),
  };
}

/** S1: an empty, missing or wildcard target never means everything. */
function requireInstanceId(instanceId: string | undefined): string {
  if (isInstanceId(instanceId)) return instanceId;
  throw new RequestError(instanceIdProblem(JSON.stringify(instanceId ?? null)));
}

function instanceIdProblem(got: string): string {
  return `"instanceId" must name one instance, got ${got}; allowed is i- and 8 to 17 hexadecimal digits, never a wildcard or nothing`;
}

function required(request: string, key: string, value: string | undefined): string {
  if (value !== undefined) return value;
  throw new RequestError(`"${request}" needs "${key}", got nothing; for example ${EXAMPLE}`);
}

function describeProblem(input: unknown, issues: readonly z.core.$ZodIssue[]): string {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return `a request is a JSON object, got ${input === undefined ? 'nothing' : quote(input)}; for example ${EXAMPLE}`;
  }
  const issue = issues[0];
  if (issue?.code === 'unrecognized_keys') {
    return `unknown key ${issue.keys.map((key) => JSON.stringify(key)).join(', ')}; allowed are request, instanceId, symptom, part, chore, preview, requestedBy, reason`;
  }
  const key = String(issue?.path[0] ?? '');
  const got = quote(Object.entries(input).find(([name]) => name === key)?.[1] ?? null);
  if (key === 'request') return `"request" is ${got}, allowed are ${REQUESTS.join(', ')}; for example ${EXAMPLE}`;
  if (key === 'instanceId') return instanceIdProblem(got);
  if (key === 'preview') return `"preview" is ${got}, allowed is true`;
  return `"${key}" is ${got}, allowed is a text of 1 to 500 characters`;
}
