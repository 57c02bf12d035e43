import type { CheckpointInfo } from '../../../sandbox/lambda/faults.ts';
import type { LambdaService } from '../../../sandbox/lambda/lambda-service.ts';

/** A moment at which a durable function is killed: next to one of its checkpoints. */
export interface Boundary {
  readonly when: 'before' | 'after';
  /** Whose checkpoint: `remediate-incident`, or `run-command for` the operation that invoked it. */
  readonly who: string;
  /** The update of that checkpoint; ` (2)` where the same came before. */
  readonly update: string;
}

/** What one incident of an instance went through so far. */
interface Course {
  /** Updates by who made them; those of one checkpoint together. */
  readonly seen: Map<string, string[][]>;
  readonly kills: readonly Boundary[];
  readonly killed: Set<Boundary>;
}

const show = (boundaries: Iterable<Boundary>): string[] =>
  [...boundaries].map(({ when, who, update }) => `${when} ${who}: ${update}`);

/** Names every checkpoint of the incidents that it follows, and kills functions at those that a test chooses. */
export class Checkpoints {
  readonly #lambda: LambdaService;
  readonly #courses = new Map<string, Course>();
  readonly #children = new Map<string, { readonly key: string; readonly who: string }>();
  readonly #updates = new Map<string, string>();
  #together: { readonly executionName: string; readonly nextIndex: number } | undefined;

  constructor(lambda: LambdaService) {
    this.#lambda = lambda;
    lambda.faults.onCheckpoint = (info, when) => this.#ask(info, when);
  }

  /** Follows the next incident with this key, and kills once at each of these boundaries. */
  follow(key: string, kills: readonly Boundary[] = []): void {
    this.#courses.set(key, { seen: new Map(), kills, killed: new Set() });
  }

  /** Chosen boundaries that the incident did not come to. */
  missed(key: string): string[] {
    const course = this.#courses.get(key);
    return show((course?.kills ?? []).filter((kill) => !course?.killed.has(kill)));
  }

  /** All boundaries that the incident came to, by who came to them: before and after each checkpoint. */
  boundaries(key: string): Map<string, Boundary[]> {
    const seen = [...(this.#courses.get(key)?.seen ?? [])];
    return new Map(
      seen.map(([who, checkpoints]) => [
        who,
        // dying next to one update of a checkpoint is dying next to all of them
        checkpoints.flatMap(([update = '']) => (['before', 'after'] as const).map((when) => ({ when, who, update }))),
      ]),
    );
  }

  #ask(info: CheckpointInfo, when: Boundary['when']): 'kill' | undefined {
    const { key, who } = this.#placeOf(info);
    const course = this.#courses.get(key);
    if (course === undefined) return undefined;
    const id = `${info.executionName} ${info.index}`;
    if (when === 'before') this.#updates.set(id, this.#note(course, who, info));
    else if (info.operationType === 'CHAINED_INVOKE') this.#adoptChild(key, info);
    const update = this.#updates.get(id);
    const kill = course.kills.find((one) => one.when === when && one.who === who && one.update === update);
    if (kill === undefined || course.killed.has(kill)) return undefined;
    course.killed.add(kill);
    return 'kill';
  }

  #placeOf({ executionName }: CheckpointInfo): { readonly key: string; readonly who: string } {
    const [, key] = /^([0-9a-f]{16})-[0-9a-f]{8}-run-\d+$/.exec(executionName) ?? [];
    if (key !== undefined) return { key, who: 'remediate-incident' };
    return this.#children.get(executionName) ?? { key: '', who: '' };
  }

  #note({ seen }: Course, who: string, info: CheckpointInfo): string {
    const { executionName, index, operationType, action, operationName = '' } = info;
    const checkpoints = seen.get(who) ?? [];
    const plain = `${operationType} ${action} ${operationName}`;
    const repeated = checkpoints.flat().filter((update) => update.replace(/ \(\d+\)$/, '') === plain).length;
    const update = repeated === 0 ? plain : `${plain} (${repeated + 1})`;
    // the updates of one checkpoint are asked about in one go
    const joins = this.#together?.executionName === executionName && this.#together.nextIndex === index;
    if (joins) checkpoints.at(-1)?.push(update);
    else checkpoints.push([update]);
    seen.set(who, checkpoints);
    this.#together = { executionName, nextIndex: index + 1 };
    queueMicrotask(() => {
      this.#together = undefined;
    });
    return update;
  }

  /** The execution that this update has just started is the newest one. */
  #adoptChild(key: string, { operationName = '' }: CheckpointInfo): void {
    const child = this.#lambda.executions().at(-1)?.name;
    if (child !== undefined) this.#children.set(child, { key, who: `run-command for ${operationName}` });
  }
}
