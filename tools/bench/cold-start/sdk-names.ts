import type { Metafile } from 'esbuild';

/** What a bundle holds of one package of the SDK. */
export interface SdkNames {
  readonly package: string;
  readonly client: string;
  readonly commands: readonly string[];
}

const CLASS_FILE =
  /node_modules\/(@aws-sdk\/(?:client|lib)-[^/]+)\/dist-es\/(?:commands\/)?(\w+(?:Client|Command))\.js$/;

/** The SDK's clients and commands that a bundle holds, read from what the bundler says that went into it. */
export function sdkNamesOf({ inputs }: Pick<Metafile['outputs'][string], 'inputs'>): SdkNames[] {
  const names = new Map<string, string[]>();
  for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
    const [, from, name] = CLASS_FILE.exec(path) ?? [];
    if (from === undefined || name === undefined || bytesInOutput === 0) continue;
    names.set(from, [...(names.get(from) ?? []), name]);
  }
  return [...names].map(([from, classes]) => ({
    package: from,
    client: classes.find((name) => name.endsWith('Client')) ?? '',
    commands: classes.filter((name) => name.endsWith('Command')).toSorted(),
  }));
}

/** Whether a bundle holds the SDK of durable functions. */
export function isDurable({ inputs }: Pick<Metafile['outputs'][string], 'inputs'>): boolean {
  return Object.keys(inputs).some((path) => path.includes('node_modules/@aws/durable-execution-sdk-js/'));
}
