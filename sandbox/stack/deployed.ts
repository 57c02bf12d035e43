/** One statement of a role's policies, intrinsic functions resolved. */
export interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** An event rule of the stack: a pattern or a schedule, and the functions that it starts. */
export interface EventRule {
  readonly pattern?: unknown;
  readonly everySeconds?: number;
  readonly targetArns: readonly string[];
}

/** A source whose records invoke a function. */
export interface SourceMapping {
  readonly sourceArn: string;
  readonly functionArn: string;
  readonly batchSize: number;
}

/** Who may invoke a function beside its account's own roles. */
export interface InvokePermission {
  readonly functionArn: string;
  readonly principal: string;
  readonly sourceArn?: string;
}

/** One function, as the template declares it. */
export interface DeployedFunction {
  readonly name: string;
  readonly role: string;
  readonly accessKeyId: string;
}

/** What the template became. */
export interface Deployed {
  readonly functions: Map<string, DeployedFunction>;
  /** Statements by the role's logical id. */
  readonly statements: Map<string, Statement[]>;
  readonly rules: EventRule[];
  readonly sources: SourceMapping[];
  readonly permissions: InvokePermission[];
  readonly topics: Map<string, string>;
  readonly tables: Map<string, { readonly name: string; readonly streamArn?: string }>;
  readonly queueUrls: Map<string, string>;
  readonly outputs: Record<string, string>;
}

export function nothingDeployed(): Deployed {
  return {
    functions: new Map(),
    statements: new Map(),
    rules: [],
    sources: [],
    permissions: [],
    topics: new Map(),
    tables: new Map(),
    queueUrls: new Map(),
    outputs: {},
  };
}
