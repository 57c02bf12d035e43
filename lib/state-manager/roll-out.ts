import { Duration } from 'aws-cdk-lib';
import { CfnAssociation, type CfnDocument } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { OPT_IN_TAG } from '../../lambdas/core/names.ts';
import type { RollOutConfig } from '../config/roll-out-config.ts';

/** Time for the first instance to hear of the association, load what it needs and run by it. */
const FIRST_WITHIN = Duration.minutes(15);

/**
 * Has State Manager run a document on one instance first, and then on all that are opted in. Its parameter `must` says whether
 * an instance that is left alone counts as a failure.
 */
export function rollOut(
  scope: Construct,
  props: {
    readonly stackName: string;
    /** What the associations are named after, behind the stack's name. */
    readonly name: string;
    readonly document: CfnDocument;
    readonly must: string;
    readonly config: RollOutConfig;
  },
): void {
  const { stackName, name, document, must, config } = props;
  // Named by its id: State Manager takes one tag key at most, and several would mean any of them, so that a tag of
  // its own could name an instance that is not opted in. The document reads there whether it is.
  // https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-state-manager-targets-and-rate-controls.html
  const first = new CfnAssociation(scope, 'First', {
    associationName: `${stackName}-${name}-first`,
    name: document.ref,
    parameters: { [must]: ['yes'] },
    targets: [{ key: 'InstanceIds', values: [config.first] }],
    // CloudFormation stops and rolls back as soon as it has failed there.
    waitForSuccessTimeoutSeconds: FIRST_WITHIN.toSeconds(),
  });
  const fleet = new CfnAssociation(scope, 'Fleet', {
    associationName: `${stackName}-${name}-fleet`,
    name: document.ref,
    parameters: { [must]: ['no'] },
    targets: [{ key: `tag:${OPT_IN_TAG}`, values: [stackName] }],
    maxConcurrency: config.maxConcurrency ?? '10%',
    maxErrors: config.maxErrors ?? '1',
    // An instance that is new gets it when it appears; this is for one that failed, or was changed since.
    scheduleExpression: 'rate(1 day)',
  });
  fleet.addResourceDependency(first);
}
