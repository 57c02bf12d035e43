import { ACCOUNT, REGION } from '../account.ts';
import type { Template } from './template.ts';

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

type Make = (logicalId: string) => Promise<Physical>;

/** Resolves a template's intrinsic functions; a resource that is referred to is made first. */
export class Resolver {
  readonly #template: Template;
  readonly #make: Make;
  readonly #made = new Map<string, Promise<Physical>>();

  constructor(template: Template, make: Make) {
    this.#template = template;
    this.#make = make;
  }

  /** Makes a resource once, however often it is referred to. */
  physical(logicalId: string): Promise<Physical> {
    const made = this.#made.get(logicalId) ?? this.#make(logicalId);
    this.#made.set(logicalId, made);
    return made;
  }

  /** A value with every intrinsic function replaced by what it stands for. */
  async resolve(value: unknown): Promise<unknown> {
    if (Array.isArray(value)) return Promise.all(value.map((one) => this.resolve(one)));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [name, argument] = entries.length === 1 ? (entries[0] ?? ['', undefined]) : ['', undefined];
    switch (name) {
      case 'Ref':
        return this.#ref(String(argument));
      case 'Fn::GetAtt':
        return this.#attribute(argument);
      case 'Fn::Join':
        return this.#join(argument);
      case 'Fn::Select':
        return this.#select(argument);
      case 'Fn::Split':
        return this.#split(argument);
      case 'Fn::Sub':
        return this.#substitute(argument);
      default: {
        if (name.startsWith('Fn::')) throw new Error(`the sandbox does not know the intrinsic function ${name}`);
        const resolved = await Promise.all(entries.map(async ([key, one]) => [key, await this.resolve(one)] as const));
        return Object.fromEntries(resolved);
      }
    }
  }

  async #ref(name: string): Promise<string> {
    const pseudo = PSEUDO[name];
    if (pseudo !== undefined) return pseudo;
    if (!(name in this.#template.Resources)) throw new Error(`the template refers to ${name}, which is not there`);
    return (await this.physical(name)).ref;
  }

  async #attribute(argument: unknown): Promise<string> {
    const [logicalId, attribute] = Array.isArray(argument) ? argument.map(String) : String(argument).split('.', 2);
    const { attributes } = await this.physical(logicalId ?? '');
    const value = attributes[attribute ?? ''];
    if (value === undefined) throw new Error(`the sandbox has no attribute ${attribute} of ${logicalId}`);
    return value;
  }

  async #join(argument: unknown): Promise<string> {
    if (!Array.isArray(argument)) throw new Error('Fn::Join takes a list');
    const parts = await this.resolve(argument[1]);
    if (!Array.isArray(parts)) throw new Error('Fn::Join takes a list of parts');
    return parts.map(String).join(String(argument[0]));
  }

  async #select(argument: unknown): Promise<unknown> {
    const [index, list] = Array.isArray(argument) ? argument : [];
    const values = await this.resolve(list);
    return Array.isArray(values) ? values[Number(index)] : undefined;
  }

  async #split(argument: unknown): Promise<string[]> {
    const [separator, text] = Array.isArray(argument) ? argument : [];
    return String(await this.resolve(text)).split(String(separator));
  }

  async #substitute(argument: unknown): Promise<string> {
    const text = String(argument);
    const names = [...text.matchAll(/\$\{([^!}]+)\}/g)].map((match) => match[1] ?? '');
    const values = await Promise.all(
      names.map(
        async (name) => [name, name.includes('.') ? await this.#attribute(name) : await this.#ref(name)] as const,
      ),
    );
    const found = new Map(values);
    return text.replace(/\$\{([^!}]+)\}/g, (whole, name: string) => found.get(name) ?? whole);
  }
}
