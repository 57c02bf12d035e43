import type { Slice } from '../../remedies/slice.ts';
import type { AgentConfig } from './agent-config.ts';
import { isMeasuredApart, type LocatedSlice } from './remedies-of.ts';

/** What keeps the remedies from being detected by an adopted agent, one sentence each; empty: nothing. */
export function agentProblems(agent: AgentConfig | undefined, remedies: readonly LocatedSlice[]): string[] {
  if (agent?.mode !== 'adopt') return [];
  const { dimensions } = agent;
  const slices = remedies.map(({ slice }) => slice);
  const watched = [...new Set(slices.map(({ detection }) => detection.metricName))];
  const unknown = Object.keys(dimensions)
    .filter((metric) => !watched.includes(metric))
    .map((metric) => `agent.dimensions.${metric} is watched by no remedy; allowed are ${watched.join(', ')}`);
  // what a timer of ours measures has the dimensions that it gives
  const adopted = remedies.filter(
    (remedy) => !isMeasuredApart(remedy) || remedy.slice.detection.metricName in dimensions,
  );
  return [...unknown, ...adopted.flatMap(({ slice }) => undetected(slice, dimensions))];
}

/** `SCHEMA` of a Metrics Insights query matches exact dimension sets only: one that is guessed would never match, and never tell. */
function undetected({ id, detection }: Slice, dimensions: Readonly<Record<string, readonly string[]>>): string[] {
  const { metricName, groupBy } = detection;
  const given = dimensions[metricName];
  if (given === undefined) {
    const example = JSON.stringify(detection.dimensions);
    return [
      `agent.dimensions lacks ${metricName}, which ${id} watches: say what your agent gives it, for example ${example}`,
    ];
  }
  return groupBy
    .filter((dimension) => !given.includes(dimension))
    .map(
      (dimension) =>
        `agent.dimensions.${metricName} is ${JSON.stringify(given)}: ${id} tells what is sick by ${groupBy.join(' and ')}, it needs ${dimension}`,
    );
}
