import { putByAgents, reportingInstances } from '../../aws/metric-reader.ts';
import { failed, passed, type SelfTest } from './self-test.ts';

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
    const missing = counted.filter(({ instances }) => instances === 0);
    if (missing.length > 0) {
      const which = missing.map(
        ({ detection: { metricName, dimensions } }) => `${metricName} (${dimensions.join(', ')})`,
      );
      return failed(
        `no instance puts ${which.join(' or ')} into ${metricNamespace}`,
        'see docs/configuration.md, "The CloudWatch agent"',
      );
    }
    const full = counted.filter(({ instances }) => instances >= MOST_SERIES);
    if (full.length > 0) {
      const which = full.map(({ detection }) => detection.metricName).join(', ');
      return failed(`${which} has more than ${MOST_SERIES} series: the alarm sees the worst only`, 'split the fleet');
    }
    return passed(counted.map(({ detection, instances }) => `${detection.metricName} of ${instances}`).join(', '));
  },
};
