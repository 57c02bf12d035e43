import { ACCOUNT, REGION } from '../account.ts';

/** What a resource became: what `Ref` gives, and what `Fn::GetAtt` gives by name. */
export interface Physical {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::AccountId': ACCOUNT,
  'AWS::Region': REGION,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::NoValue': '',
};

/** The one key of an intrinsic function with its argument; undefined for any other value. */
export function intrinsic(value: unknown): readonly [name: string, argument: unknown] | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const [only, ...more] = Object.entries(value);
  if (only === undefined || more.length > 0) return undefined;
  return only[0] === 'Ref' || only[0].startsWith('Fn::') ? only : undefined;
}

/** Names in a text of Fn::Sub: `${Resource}`, `${Resource.Attribute}` or `${AWS::Pseudo}`. */
export function substituted(text: unknown): string[] {
  return [...String(text).matchAll(/\$\{([^!}]+)\}/g)].map((match) => match[1] ?? '');
}

/** Logical id and attribute of Fn::GetAtt, in either of its forms. */
export function attributeOf(argument: unknown): readonly [logicalId: string, attribute: string] {
  const [logicalId = '', ...attribute] = Array.isArray(argument) ? argument.map(String) : String(argument).split('.');
  return [logicalId, attribute.join('.')];
}

/** Resolves a template's intrinsic functions by what its resources became. */
export class Resolver {
  readonly #physical: (logicalId: string) => Physical | undefined;

  constructor(physical: (logicalId: string) => Physical | undefined) {
    this.#physical = physical;
  }

  /** A value with every intrinsic function replaced by what it stands for. */
  resolve(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((one) => this.resolve(one));
    if (typeof value !== 'object' || value === null) return value;
    const [name, argument] = intrinsic(value) ?? [];
    switch (name) {
      case undefined:
        return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, this.resolve(one)]));
      case 'Ref':
        return this.#ref(String(argument));
      case 'Fn::GetAtt':
        return this.#attribute(...attributeOf(argument));
      case 'Fn::Join':
        return this.#join(argument);
      case 'Fn::Select':
        return this.#select(argument);
      case 'Fn::Split':
        return this.#split(argument);
      case 'Fn::Sub':
        return this.#substitute(String(argument));
      default:
        throw new Error(`the sandbox does not know the intrinsic function ${name}`);
    }
  }

  #find(logicalId: string): Physical {
    const physical = this.#physical(logicalId);
    if (physical === undefined) throw new Error(`the template refers to ${logicalId}, which is not there`);
    return physical;
  }

  #ref(name: string): string {
    return PSEUDO[name] ?? this.#find(name).ref;
  }

  #attribute(logicalId: string, attribute: string): string {
    const value = this.#find(logicalId).attributes[attribute];
    if (value === undefined) throw new Error(`the sandbox has no attribute ${attribute} of ${logicalId}`);
    return value;
  }

  #join(argument: unknown): string {
    if (!Array.isArray(argument)) throw new Error('Fn::Join takes a list');
    const parts = this.resolve(argument[1]);
    if (!Array.isArray(parts)) throw new Error('Fn::Join takes a list of parts');
    return parts.map(String).join(String(argument[0]));
  }

  #select(argument: unknown): unknown {
    const [index, list] = Array.isArray(argument) ? argument : [];
    const values = this.resolve(list);
    return Array.isArray(values) ? values[Number(index)] : undefined;
  }

  #split(argument: unknown): string[] {
    const [separator, text] = Array.isArray(argument) ? argument : [];
    return String(this.resolve(text)).split(String(separator));
  }

  #substitute(text: string): string {
    const found = new Map(
      substituted(text).map((name) => [
        name,
        name.includes('.') ? this.#attribute(...attributeOf(name)) : this.#ref(name),
      ]),
    );
    return text.replace(/\$\{([^!}]+)\}/g, (whole, name: string) => found.get(name) ?? whole);
  }
}
