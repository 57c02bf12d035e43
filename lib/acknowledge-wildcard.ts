import { Stack, Validations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/**
 * Tells cdk-nag why a statement must hold a wildcard. Its finding writes the resource as the template does, so that its id in
 * a stack of one region and account is another than in a stack of any.
 */
export function acknowledgeWildcard(scope: Construct, resource: string, reason: string): void {
  const written = asTemplate(Stack.of(scope).resolve(resource));
  Validations.of(scope).acknowledge({ id: `AwsSolutions::AwsSolutions-IAM5[Resource::${written}]`, reason });
}

/** Text with its references as cdk-nag shows them: `<AWS::Region>`. */
function asTemplate(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && value !== null) {
    if ('Ref' in value) return `<${String(value.Ref)}>`;
    if ('Fn::Join' in value && Array.isArray(value['Fn::Join'])) {
      const [separator, parts]: unknown[] = value['Fn::Join'];
      if (Array.isArray(parts)) return parts.map(asTemplate).join(String(separator));
    }
  }
  throw new Error(`${JSON.stringify(value)} is no text with references, which is all that a resource here is made of`);
}
