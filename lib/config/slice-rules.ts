import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EARLY, MEASUREMENT_KIND } from '../../lambdas/core/names.ts';
import type { Slice } from '../../remedies/slice.ts';
import { documentContent, purposesOf } from '../document-content.ts';
import { parameterProblems } from './parameter-rules.ts';
import { isMeasuredApart } from './remedies-of.ts';

/** How far back a Metrics Insights query looks, at most: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-metrics-insights-limits.html */
const LONGEST_LOOK_SECONDS = 10_800;
/** What a command document holds, at most: https://docs.aws.amazon.com/general/latest/gr/ssm.html */
const LARGEST_DOCUMENT_BYTES = 65_536;

/** What is wrong with a slice of the right form, one sentence each; its folder lies in `folder`. */
export function sliceProblems(slice: Slice, folder: string): string[] {
  const problems = [
    ...fileProblems(slice, join(folder, slice.id)),
    ...alarmProblems(slice),
    ...measurementProblems(slice, folder),
    ...thresholdProblems(slice),
    ...partProblems(slice),
    ...Object.entries(slice.parameters).flatMap(([name, parameter]) =>
      parameterProblems(name, parameter).map((problem) => `parameters.${name} ${problem}`),
    ),
  ];
  return problems.length > 0 ? problems : documentProblems(slice, folder);
}

function fileProblems(slice: Slice, own: string): string[] {
  const scripts = purposesOf(slice).map((purpose) => join(own, `${purpose}.sh`));
  const missing = [...scripts, join(own, 'README.md')].filter((path) => !existsSync(path));
  if (missing.length > 0) return missing.map((path) => `there is no ${path}`);
  const undo = join(own, 'undo.sh');
  return [
    ...(!scripts.includes(undo) && existsSync(undo) ? [`${undo} is there, but undo says "impossible"`] : []),
    ...[...scripts, join(own, 'library.sh')]
      .filter((path) => existsSync(path) && readFileSync(path, 'utf8').includes('{{'))
      .map((path) => `${path} contains "{{", which SSM would take for a parameter`),
  ];
}

function documentProblems(slice: Slice, folder: string): string[] {
  return purposesOf(slice).flatMap((purpose) => {
    const bytes = Buffer.byteLength(JSON.stringify(documentContent(slice, purpose, folder)));
    if (bytes <= LARGEST_DOCUMENT_BYTES) return [];
    return [`the document of ${purpose}.sh would have ${bytes} bytes; SSM takes ${LARGEST_DOCUMENT_BYTES}`];
  });
}

function alarmProblems({ id, detection }: Slice): string[] {
  const { groupBy, dimensions, datapointsToAlarm, evaluationPeriods, periodSeconds, early, threshold, unit } =
    detection;
  const looksBackSeconds = Math.max(evaluationPeriods, early?.evaluationPeriods ?? 0) * periodSeconds;
  return [
    ...(id.endsWith(EARLY) ? [`its id ends in ${EARLY}, as the names of early alarms do`] : []),
    ...(early !== undefined && unit !== 'Percent' ? [`detection.early is for percents; its unit is ${unit}`] : []),
    ...(early !== undefined && early.threshold >= threshold
      ? [`detection.early.threshold is ${early.threshold}; it must be below the threshold of ${threshold}`]
      : []),
    ...groupBy
      .filter((dimension) => !dimensions.includes(dimension))
      .map(
        (dimension) => `detection.groupBy names ${dimension}, which is not among the dimensions ${list(dimensions)}`,
      ),
    ...(datapointsToAlarm > evaluationPeriods
      ? [`detection wants ${datapointsToAlarm} datapoints of ${evaluationPeriods} periods: its alarm could never fire`]
      : []),
    ...(looksBackSeconds > LONGEST_LOOK_SECONDS
      ? [`detection looks back ${looksBackSeconds} s; CloudWatch keeps ${LONGEST_LOOK_SECONDS} s for such an alarm`]
      : []),
  ];
}

/** `SCHEMA` matches exact dimension sets only: one that lacks what the agent adds to a measured value would never match. */
function measurementProblems(slice: Slice, folder: string): string[] {
  if (!isMeasuredApart({ slice, folder })) return [];
  const { dimensions, groupBy } = slice.detection;
  const exact = [...groupBy, MEASUREMENT_KIND.dimension];
  if (exact.toSorted().join() === dimensions.toSorted().join()) return [];
  return [`detection.dimensions is ${list(dimensions)}; what measure.sh prints is put with exactly ${list(exact)}`];
}

/** The alarm and the check must mean the same, and the configuration sets both by one key. */
function thresholdProblems({ detection: { threshold, unit }, parameters }: Slice): string[] {
  const name = `Threshold${unit}`;
  const source = parameters[name]?.source;
  return [
    ...(unit === 'Percent' && threshold > 99
      ? [`detection.threshold is ${threshold} percent; allowed are 1 to 99`]
      : []),
    ...(source?.from === 'setting' && source.default === String(threshold)
      ? []
      : [`parameters.${name} must be a setting whose default is the alarm's threshold, "${threshold}"`]),
  ];
}

/** Parts of an instance reach the scripts by one parameter, and only where the alarm tells them apart. */
function partProblems({ detection, parameters }: Slice): string[] {
  const names = Object.keys(parameters).filter((name) => parameters[name]?.source.from === 'part');
  const wanted = detection.groupBy.length - 1;
  if (names.length === wanted) return [];
  return [`${names.length} parameters are from the part (${list(names)}); its groupBy wants ${wanted}`];
}

const list = (words: readonly string[]): string => (words.length === 0 ? 'none' : words.join(', '));
