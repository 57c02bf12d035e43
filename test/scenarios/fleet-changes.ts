import type { CallRecord } from '../../sandbox/gateway/call-record.ts';

/** Where the system keeps its own state, tells people and starts its own functions: nothing of the fleet. */
const OWN_SERVICES = ['dynamodb', 'sns', 'sqs', 'lambda', 'logs', 'sts'];

/** Which of these calls would change the fleet, carried out or not: everything but reading, and commands that only check. */
export function fleetChanges(calls: readonly CallRecord[]): string[] {
  return calls.flatMap(({ service, action, input }) => {
    if (OWN_SERVICES.includes(service) || /^(Describe|Get|List)/.test(action)) return [];
    const document = JSON.stringify(input['DocumentName'] ?? '').replaceAll('"', '');
    if (action === 'SendCommand' && document.includes('-check-')) return [];
    return [`${service} ${action} ${document}`.trim()];
  });
}
