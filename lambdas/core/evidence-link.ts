import { evidenceSubject } from './evidence.ts';

/** A table as the ARN of its stream names it. */
export interface TablePlace {
  readonly partition: string;
  readonly region: string;
  readonly table: string;
}

const CONSOLES: Readonly<Record<string, string>> = {
  aws: 'console.aws.amazon.com',
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
};

/** Where a table is, from its stream's ARN; `undefined` where that is none. */
export function tablePlaceOf(streamArn: string | undefined): TablePlace | undefined {
  const [, partition, region, table] =
    /^arn:([a-z-]+):dynamodb:([a-z0-9-]+):\d+:table\/([^/]+)\//.exec(streamArn ?? '') ?? [];
  if (partition === undefined || region === undefined || table === undefined) return undefined;
  return { partition, region, table };
}

/** The console's page of kept evidence; only its key where the console is not known. */
export function evidenceLink(digest: string, place: TablePlace | undefined): string {
  const subject = evidenceSubject(digest);
  const console = CONSOLES[place?.partition ?? ''];
  if (place === undefined || console === undefined) return subject;
  const { region, table } = place;
  const item = `itemMode=2&pk=${encodeURIComponent(subject)}&sk=evidence&table=${encodeURIComponent(table)}`;
  return `https://${region}.${console}/dynamodbv2/home?region=${region}#edit-item?${item}`;
}
