import { createHash } from 'node:crypto';
import type { CfnTag } from 'aws-cdk-lib';
import { CfnDocument } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';

/** A command document whose name and logical id end in a digest of its content: a name never means another script. */
export function commandDocument(
  scope: Construct,
  props: {
    readonly id: string;
    /** Its name without the digest. */
    readonly name: string;
    readonly content: Record<string, unknown>;
    readonly tags?: CfnTag[];
  },
): { readonly name: string; readonly document: CfnDocument } {
  const { id, content, tags } = props;
  const digest = digestOf(content);
  const name = `${props.name}-${digest}`;
  const document = new CfnDocument(scope, `${id}-${digest}`, {
    name,
    content,
    documentType: 'Command',
    documentFormat: 'JSON',
    targetType: '/AWS::EC2::Instance',
    ...(tags === undefined ? {} : { tags }),
  });
  return { name, document };
}

export function digestOf(data: unknown): string {
  return createHash('sha256').update(JSON.stringify(data)).digest('hex').slice(0, 12);
}
