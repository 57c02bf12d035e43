import type { ScaledClock } from '../clock.ts';
import type { Route } from '../gateway/aws-call.ts';
import { createForwarder } from '../gateway/forward.ts';
import { Alarms } from './alarms.ts';
import { emulatedAlarms } from './emulated-alarms.ts';
import { MuteRules } from './muting/mute-rules.ts';
import { cloudWatchRoute } from './route.ts';
import { MetricStore } from './store.ts';
import type { TransitionEvent } from './transitions.ts';

export interface CloudWatchOptions {
  readonly clock: Pick<ScaledClock, 'nowMillis' | 'fromRealMillis' | 'after'>;
  /** The emulator itself, not the gateway in front of it. */
  readonly aws: { readonly endpoint: string };
  /** Told of direct Lambda actions and of EventBridge events, in the order in which they happen. Must not block. */
  readonly onTransition: (event: TransitionEvent) => void;
  /** Told of what could not be evaluated or sent out; default: nobody. */
  readonly onProblem?: (problem: string) => void;
  /** Callers whose times follow the sandbox's clock already; default: none, times are real and mapped. */
  readonly runsOnClock?: (accessKeyId: string) => boolean;
  /** Direct Lambda actions do not say which contributor they are about; default `false`. */
  readonly omitContributor?: boolean;
}

/** CloudWatch as the sandbox has it: metrics, queries, alarms that are evaluated and that act. */
export interface CloudWatch {
  /** For service `monitoring` of the gateway. */
  readonly route: Route;
  readonly store: MetricStore;
  /** Evaluates all alarms now. */
  tick(): Promise<void>;
  /** Evaluates all alarms once a minute of the clock, 10 s after it is full; the returned function ends that. */
  start(): () => void;
  stop(): Promise<void>;
}

/** Time for the minute's datapoints to arrive, seconds of the clock. */
const TICK_AFTER_MINUTE_SECONDS = 10;

export function createCloudWatch(options: CloudWatchOptions): CloudWatch {
  const { clock, aws, onTransition, omitContributor = false } = options;
  const onProblem = options.onProblem ?? (() => {});
  const nowMillis = (): number => clock.nowMillis();
  const store = new MetricStore();
  const muteRules = new MuteRules();
  const muteOf = (alarmName: string) => muteRules.muteOf(alarmName, nowMillis());
  const emulated = emulatedAlarms(aws.endpoint);
  const forwarder = createForwarder(aws.endpoint);
  const alarms = new Alarms({ emulated, store, nowMillis, muteOf, omitContributor, onTransition, onProblem });
  const toClock = (accessKeyId: string, millis: number): number =>
    options.runsOnClock?.(accessKeyId) === true ? millis : clock.fromRealMillis(millis);
  let stopTicking = (): void => {};
  const start = (): (() => void) => {
    stopTicking();
    stopTicking = tickEachMinute(clock, () =>
      alarms.tick().catch((error: unknown) => onProblem(`evaluating the alarms: ${String(error)}`)),
    );
    return stopTicking;
  };
  return {
    route: cloudWatchRoute({ alarms, muteRules, emulated, forwarder, store, nowMillis, toClock }),
    store,
    start,
    tick: () => alarms.tick(),
    stop: async () => {
      stopTicking();
      await alarms.settled();
      emulated.close();
      forwarder.close();
    },
  };
}

/** Each wait is reckoned anew from the clock, and starts when the last evaluation is done: no drift, no pile-up. */
function tickEachMinute(clock: CloudWatchOptions['clock'], tick: () => Promise<void>): () => void {
  let ended = false;
  let cancel = (): void => {};
  const schedule = (): void => {
    const intoMinute = (clock.nowMillis() / 1000 - TICK_AFTER_MINUTE_SECONDS) % 60;
    cancel = clock.after(60 - intoMinute, () => {
      void tick().finally(() => {
        if (!ended) schedule();
      });
    });
  };
  schedule();
  return () => {
    ended = true;
    cancel();
  };
}
