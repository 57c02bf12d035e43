import type { ScaledClock } from '../clock.ts';
import type { LambdaService } from '../lambda/lambda-service.ts';
import type { Deployed } from '../stack/deployed.ts';

/** Starts the functions of the template's schedules, by the sandbox's clock; the returned function ends that. */
export function startSchedules(
  deployed: Deployed,
  clock: ScaledClock,
  lambda: LambdaService,
  problem: (text: string) => void,
): () => void {
  const cancels = deployed.rules.flatMap(({ everySeconds, targetArns }) => {
    if (everySeconds === undefined) return [];
    return targetArns.map((functionName) =>
      clock.every(everySeconds, () => {
        lambda
          .invoke({ functionName, payload: '{}', invocationType: 'Event' })
          .catch((error: unknown) => problem(String(error)));
      }),
    );
  });
  return () => {
    for (const cancel of cancels) cancel();
  };
}
