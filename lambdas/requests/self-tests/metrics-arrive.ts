import type { Detection } from '../../../remedies/slice.ts';
import { putByAgents, reportingInstances } from '../../aws/metric-reader.ts';
import { MEASUREMENT_KIND } from '../../core/names.ts';
import { failed, passed, type SelfTest, unknown } from './self-test.ts';

/** A query answers with this many series at most; a fleet alarm sees no more. */
const MOST_SERIES = 500;

/** The metric of every fleet alarm that agents feed arrives under exactly the dimensions that it asks for. */
export const metricsArrive: SelfTest = {
  id: 'metrics-arrive',
  run: async (policy, nowMillis) => {
    const { metricNamespace } = policy;
    const counted = await Promise.all(
      putByAgents(policy).map(async (detection) => ({
        detection,
        instances: (await reportingInstances(detection, metricNamespace, nowMillis)).size,
      })),
    );
    const missing = counted.filter(({ instances }) => instances === 0).map(({ detection }) => detection);
    const ofTheAgent = missing.filter((detection) => !isMeasured(detection));
    if (ofTheAgent.length > 0) {
      return failed(nobodyPuts(ofTheAgent, metricNamespace), 'see docs/configuration.md, "The CloudWatch agent"');
    }
    const full = counted.filter(({ instances }) => instances >= MOST_SERIES);
    if (full.length > 0) {
      const which = full.map(({ detection }) => detection.metricName).join(', ');
      return failed(`${which} has more than ${MOST_SERIES} series: the alarm sees the worst only`, 'split the fleet');
    }
    if (missing.length > 0) {
      // whether a timer measures, and whether there is something to be measured, such as a service, is the operator's choice
      return unknown(
        nobodyPuts(missing, metricNamespace),
        'where you want it measured: docs/configuration.md, "What is kept on instances"',
      );
    }
    return passed(counted.map(({ detection, instances }) => `${detection.metricName} of ${instances}`).join(', '));
  },
};

/** Put by the timer on instances, not by the agent itself. */
const isMeasured = ({ dimensions }: Detection): boolean => dimensions.includes(MEASUREMENT_KIND.dimension);

function nobodyPuts(missing: readonly Detection[], namespace: string): string {
  const which = missing.map(({ metricName, dimensions }) => `${metricName} (${dimensions.join(', ')})`);
  return `no instance puts ${which.join(' or ')} into ${namespace}`;
}
