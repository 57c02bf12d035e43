import type { Slice } from '../../remedies/slice.ts';
import type { AgentConfig } from './agent-config.ts';

/** What keeps the remedies from being detected by an adopted agent, one sentence each; empty: nothing. */
export function agentProblems(agent: AgentConfig | undefined, slices: readonly Slice[]): string[] {
  if (agent?.mode !== 'adopt') return [];
  const watched = [...new Set(slices.map(({ detection }) => detection.metricName))];
  const unknown = Object.keys(agent.dimensions)
    .filter((metric) => !watched.includes(metric))
    .map((metric) => `agent.dimensions.${metric} is watched by no remedy; allowed are ${watched.join(', ')}`);
  return [...unknown, ...slices.flatMap((slice) => undetected(slice, agent.dimensions))];
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
