import * as z from 'zod/mini';
import type { AwsAnswer, AwsCall } from '../../gateway/aws-call.ts';
import { errorAnswerFor } from '../../gateway/protocol-errors.ts';
import { number, time } from '../input.ts';
import { type Result, resultAnswer } from '../protocol.ts';
import { Unsupported } from '../unsupported.ts';
import { arnOf, type MuteRule, type MuteRules, statusOf } from './mute-rules.ts';
import { readSchedule } from './mute-schedule.ts';

export interface MuteRouteOptions {
  readonly rules: MuteRules;
  readonly alarmNames: () => Promise<readonly string[]>;
  readonly nowMillis: () => number;
  /** A caller's time on the sandbox's clock. */
  readonly toClock: (millis: number) => number;
}

const MOST_TARGETS = 100;
const MOST_LISTED = 50;

const ruleInput = z.object({
  Name: z.string().check(z.minLength(1), z.maxLength(255)),
  Description: z.optional(z.string()),
  Rule: z.object({
    Schedule: z.object({ Expression: z.string(), Duration: z.string(), Timezone: z.optional(z.string()) }),
  }),
  MuteTargets: z._default(z.object({ AlarmNames: z.array(z.string()) }), { AlarmNames: [] }),
  StartDate: z.optional(time),
  ExpireDate: z.optional(time),
});
const named = z.object({ AlarmMuteRuleName: z.string() });
const filter = z.object({
  AlarmName: z.optional(z.string()),
  Statuses: z._default(z.array(z.string()), ['SCHEDULED', 'ACTIVE', 'EXPIRED']),
  MaxRecords: z._default(number, MOST_LISTED),
  NextToken: z._default(number, 0),
});

/** PutAlarmMuteRule; its `at` and `cron` times are the sandbox's clock's. Throws {@link Unsupported}. */
export async function putMuteRule(call: AwsCall, input: unknown, options: MuteRouteOptions): Promise<AwsAnswer> {
  const { rules, alarmNames, nowMillis, toClock } = options;
  const given = read(ruleInput, call, input);
  const { Name: name, Description: description, Rule, MuteTargets, StartDate, ExpireDate } = given;
  const count = MuteTargets.AlarmNames.length;
  if (count > MOST_TARGETS) throw new Unsupported(`mute rule ${name}: ${count} alarms, allowed are ${MOST_TARGETS}`);
  const known = await alarmNames();
  const unknown = MuteTargets.AlarmNames.filter((one) => !known.includes(one));
  if (unknown.length > 0) throw new Unsupported(`mute rule ${name}: there is no alarm ${unknown.join(', ')}`);
  const { Expression, Duration, Timezone } = Rule.Schedule;
  rules.put({
    name,
    description,
    told: Rule.Schedule,
    schedule: readSchedule(Expression, Duration, Timezone),
    alarmNames: MuteTargets.AlarmNames,
    startMillis: StartDate === undefined ? undefined : toClock(StartDate),
    expireMillis: ExpireDate === undefined ? undefined : toClock(ExpireDate),
    updatedMillis: nowMillis(),
  });
  return resultAnswer(call, {});
}

/** DeleteAlarmMuteRule: "If you delete a mute rule that does not exist, the operation succeeds". */
export function deleteMuteRule(call: AwsCall, input: unknown, { rules }: MuteRouteOptions): AwsAnswer {
  rules.delete(read(named, call, input).AlarmMuteRuleName);
  return resultAnswer(call, {});
}

export function getMuteRule(call: AwsCall, input: unknown, { rules, nowMillis }: MuteRouteOptions): AwsAnswer {
  const name = read(named, call, input).AlarmMuteRuleName;
  const rule = rules.find(name);
  if (rule === undefined) return errorAnswerFor(call, 'ResourceNotFoundException', `no mute rule ${name}`, 404);
  return resultAnswer(call, {
    Name: name,
    ...summary(rule, nowMillis()),
    ...(rule.description === undefined ? {} : { Description: rule.description }),
    Rule: { Schedule: { ...rule.told } },
    MuteTargets: { AlarmNames: rule.alarmNames },
    ...(rule.startMillis === undefined ? {} : { StartDate: new Date(rule.startMillis) }),
  });
}

export function listMuteRules(call: AwsCall, input: unknown, { rules, nowMillis }: MuteRouteOptions): AwsAnswer {
  const { AlarmName, Statuses, MaxRecords, NextToken: from } = read(filter, call, input);
  const found = rules
    .all()
    .filter(({ alarmNames }) => AlarmName === undefined || alarmNames.includes(AlarmName))
    .map((rule) => summary(rule, nowMillis()))
    .filter(({ Status }) => Statuses.includes(Status));
  const next = from + MaxRecords;
  return resultAnswer(call, {
    AlarmMuteRuleSummaries: found.slice(from, next),
    ...(next < found.length ? { NextToken: String(next) } : {}),
  });
}

function read<T>(schema: z.ZodMiniType<T>, call: AwsCall, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const paths = parsed.error.issues.map((issue) => issue.path.map(String).join('.'));
  throw new Unsupported(`${call.action}: missing or wrong: ${paths.join(', ')}`);
}

function summary(rule: MuteRule, nowMillis: number): Result & { readonly Status: string } {
  return {
    AlarmMuteRuleArn: arnOf(rule.name),
    Status: statusOf(rule, nowMillis),
    MuteType: rule.schedule.kind,
    LastUpdatedTimestamp: new Date(rule.updatedMillis),
    ...(rule.expireMillis === undefined ? {} : { ExpireDate: new Date(rule.expireMillis) }),
  };
}
