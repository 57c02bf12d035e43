import { InvokeCommand } from '@aws-sdk/client-lambda';
import { LocalDurableTestRunner } from '@aws/durable-execution-sdk-js-testing';
import { mockClient } from 'aws-sdk-client-mock';
import { lambda } from '../../../lambdas/aws/clients.ts';
import { ENVIRONMENT } from '../../../lambdas/core/names.ts';
import { executionName } from '../../../lambdas/core/remediation.ts';
import { handler as remediateIncident } from '../../../lambdas/handlers/remediate-incident.ts';
import { handler as runCommand } from '../../../lambdas/handlers/run-command.ts';
import type { World } from '../world.ts';
import { mortal } from './mortal-handler.ts';

/**
 * Runs the durable handlers in this process, on the SDK's own local runner, against a world's EC2, SSM, DynamoDB and SNS.
 * Time is real here: scripts take the time that they take, so waits cannot be skipped.
 */
export class LocalRunner {
  readonly #executions = new Map<string, Promise<unknown>>();
  readonly #runCommand = mortal(runCommand);
  readonly #starts = mockClient(lambda());
  readonly #environment = { ...process.env };

  static async open(world: World): Promise<LocalRunner> {
    const runner = new LocalRunner();
    Object.assign(process.env, await environmentOf(world));
    // starting an execution is the one call that does not reach the world: it would run there
    runner.#starts.on(InvokeCommand).callsFake(({ DurableExecutionName, Payload }) => {
      runner.#start(String(DurableExecutionName), JSON.parse(String(Payload)));
      return {};
    });
    await LocalDurableTestRunner.setupTestEnvironment({ skipTime: false });
    return runner;
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#executions.values());
    await LocalDurableTestRunner.teardownTestEnvironment();
    this.#starts.restore();
    for (const name of Object.keys(process.env)) if (!(name in this.#environment)) delete process.env[name];
    Object.assign(process.env, this.#environment);
  }

  /** How the execution of an incident's run ended, once it has. */
  async ended(incidentId: string, run: number): Promise<unknown> {
    const execution = this.#executions.get(executionName({ incidentId, run }));
    if (execution === undefined) throw new Error(`run ${run} of ${incidentId} was not started`);
    return execution;
  }

  /** Crashes the invocation of `run-command` that works on this attempt. */
  crash(attemptId: string): void {
    this.#runCommand.kill(`"${attemptId}"`);
  }

  /** The same name starts once, as in Lambda. */
  #start(name: string, payload: object): void {
    if (this.#executions.has(name)) return;
    const runner = new LocalDurableTestRunner<string>({ handlerFunction: remediateIncident });
    runner.registerDurableFunction(String(process.env[ENVIRONMENT.runCommand]), this.#runCommand.handler);
    const execution = runner.run({ payload }).then((result) => result.getResult());
    execution.catch(() => {});
    this.#executions.set(name, execution);
  }
}

/** What Lambda sets for the deployed functions, all of them together: no two give a variable different values. */
async function environmentOf(world: World): Promise<Record<string, string>> {
  const answer = await fetch(`${world.sandbox.endpoint}/2015-03-31/functions/`);
  const { Functions }: { Functions: { Environment: { Variables: Record<string, string> } }[] } = JSON.parse(
    await answer.text(),
  );
  const { definition } = world.sandbox.lambda.functions.resolve(`${world.sandbox.stackName}-remediate-incident:live`);
  return {
    ...Object.assign({}, ...Functions.map(({ Environment }) => Environment.Variables)),
    // the same policy lies beside every bundle
    LAMBDA_TASK_ROOT: definition.bundleFolder,
    AWS_ENDPOINT_URL: world.sandbox.endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'AKIALOCALRUNNER',
    AWS_SECRET_ACCESS_KEY: 'sandbox',
  };
}
