import { z } from 'zod';
import { DISRUPTIONS, SHARED_SCRIPTS, type Slice } from '../../remedies/slice.ts';

/** An object with these keys and no others; says which they are. */
const only = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.strictObject(shape, {
    error: ({ code }) => (code === 'unrecognized_keys' ? `allowed are ${Object.keys(shape).join(', ')}` : undefined),
  });

const words = z
  .string()
  .regex(/^(?=.{1,40}$)[a-z]+(-[a-z]+)*$/, 'allowed are lower-case words joined by hyphens, at most 40 characters');
/** It stands unquoted in a Metrics Insights query. */
const metricWord = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_]{0,99}$/, 'allowed are a letter, then letters, digits and underscores');
const sentence = z.string().regex(/\S/, 'allowed is a text that is not empty');
const wholeNumber = (least: number, most: number) => z.int().min(least).max(most);

const source = z.union(
  [
    only({ from: z.enum(['part', 'expendable', 'protected', 'services']) }),
    only({ from: z.literal('setting'), default: z.string(), describes: sentence }),
  ],
  'allowed is { from } with part, expendable, protected or services, or { from, default, describes } with setting',
);

const examples = z.tuple([z.string()], z.string(), 'allowed is a list of at least one text');
const parameter = only({ source, pattern: z.string(), accepts: examples, rejects: examples });

const detection = only({
  metricName: metricWord,
  statistic: z.enum(['MAX', 'AVG']),
  dimensions: z.array(metricWord),
  groupBy: z.union(
    [
      z.tuple([z.literal('InstanceId')]),
      z.tuple([z.literal('InstanceId'), z.literal('path')]),
      z.tuple([z.literal('InstanceId'), z.literal('service')]),
    ],
    "allowed are ['InstanceId'], ['InstanceId', 'path'] and ['InstanceId', 'service']",
  ),
  threshold: wholeNumber(1, 1_000_000),
  unit: z.enum(['Percent', 'Count']),
  periodSeconds: z.int().min(60).multipleOf(60),
  evaluationPeriods: z.int().min(1),
  datapointsToAlarm: z.int().min(1),
  early: only({ threshold: wholeNumber(1, 1_000_000), evaluationPeriods: z.int().min(1) }).optional(),
});

/** The form of a slice; what its values must be to one another, and to its folder, is in `slice-rules.ts`. */
export const sliceSchema: z.ZodType<Slice> = only({
  id: words,
  symptom: words,
  title: sentence,
  detection,
  disruption: z.enum(DISRUPTIONS),
  disruptionWith: z
    .custom<Slice['disruptionWith']>((value) => typeof value === 'function', 'allowed is a function of the settings')
    .optional(),
  shares: z.array(z.enum(SHARED_SCRIPTS, `allowed are ${SHARED_SCRIPTS.join(', ')}`)).optional(),
  parameters: z.record(z.string(), parameter),
  conflict: z
    .custom<Slice['conflict']>((value) => typeof value === 'function', 'allowed is a function of the settings')
    .optional(),
  checkTimeoutSeconds: wholeNumber(5, 3600),
  repairTimeoutSeconds: wholeNumber(5, 3600),
  soakSeconds: wholeNumber(30, 86_400),
  cooldownSeconds: wholeNumber(0, 86_400),
  maximumAttempts: wholeNumber(1, 10),
  undo: z.union(
    [only({ script: z.literal('undo.sh') }), only({ impossible: sentence })],
    "allowed is { script: 'undo.sh' } or { impossible: 'why nothing can be put back' }",
  ),
});
