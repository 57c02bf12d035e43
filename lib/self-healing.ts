import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import { StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { chores } from '../remedies/chores.ts';
import { alarmName, earlyAlarmName, ENVIRONMENT, type FunctionKey } from '../lambdas/core/names.ts';
import { AgentRollOut } from './agent/agent-roll-out.ts';
import { AlarmIntake } from './alarm-intake.ts';
import { CommandDocuments } from './command-documents.ts';
import type { Config } from './config/config.ts';
import { defineConfig } from './config/define-config.ts';
import { policyFromConfig, stackNameOf } from './config/policy-from-config.ts';
import { remediesOf } from './config/remedies-of.ts';
import { FleetAlarm } from './fleet-alarm.ts';
import { BUNDLES } from './function-code.ts';
import {
  DESCRIBE_INSTANCE,
  DESCRIBE_WHOLE_INSTANCE,
  grantAudit,
  grantChangeInstance,
  grantDescribe,
  grantDescribeTables,
  grantInvoke,
  grantReadFunctions,
  grantSendCommand,
  grantState,
  STATE,
} from './grants.ts';
import { HealingFunction } from './healing-function.ts';
import { KeptOnInstances } from './kept/kept-on-instances.ts';
import { watchedOf } from './watched.ts';
import type { Network } from './network.ts';
import { requireUniqueName } from './require-unique-name.ts';
import { SelfAlarms } from './self-alarms/self-alarms.ts';
import { SnsChannel } from './sns-channel.ts';
import { AuditTable, StateTable } from './tables.ts';
import { requireStandardTopics, type Topics } from './topics.ts';

export interface SelfHealingProps {
  /** What it may do; checked here, as `defineConfig` checks it. */
  readonly config: Config;
  /** Folder of the functions' bundles. @default those that the package brings, or `npm run build` made */
  readonly bundleFolder?: string;
  /** Where the functions run. @default in no VPC */
  readonly network?: Network;
  /** Topics of your own. @default one topic each is made */
  readonly topics?: Topics;
}

/** The whole system, for any stack; wired in the order in which it works: detect, open, decide, act, tell, sweep. */
export class SelfHealing extends Construct {
  /** Its name, and the value of the opt-in tag of the instances that it may touch. */
  readonly name: string;
  /** Takes people's requests, by direct invocation of its `live` alias. */
  readonly answerRequest: HealingFunction;
  /** Takes what alarms send, by its `live` alias. */
  readonly openIncident: HealingFunction;
  readonly stateTableName: string;
  readonly auditTableName: string;
  readonly criticalTopic: ITopic;
  readonly warningTopic: ITopic;
  /** What is wrong with the system itself is told here by CloudWatch, past the system. */
  readonly selfAlarmTopic: ITopic;

  constructor(scope: Construct, id: string, props: SelfHealingProps) {
    super(scope, id);
    const config = defineConfig(props.config);
    const stack = stackNameOf(config);
    this.name = stack;
    requireUniqueName(this);
    requireStandardTopics(props.topics ?? {});
    const documents = new CommandDocuments(this, 'Documents', {
      stackName: stack,
      remedies: remediesOf(config),
      chores,
    });
    const policy = policyFromConfig(config, documents.names, documents.choreNames);
    const state = new StateTable(this, 'State').table;
    const audit = new AuditTable(this, 'Audit').table;
    const fn = (key: FunctionKey, durableExecutionTimeout?: Duration) =>
      new HealingFunction(this, key.charAt(0).toUpperCase() + key.slice(1), {
        key,
        policy,
        bundleFolder: props.bundleFolder ?? BUNDLES,
        timeout: Duration.minutes(1),
        ...(props.network === undefined ? {} : { network: props.network }),
        ...(durableExecutionTimeout === undefined ? {} : { durableExecutionTimeout }),
      });

    // act: the only function that reaches into an instance
    const runCommand = fn('runCommand', Duration.hours(6));
    grantState(runCommand, state, {
      read: [STATE.killSwitch, STATE.claims],
      put: [STATE.lastActs],
      update: [STATE.claims],
      list: true,
    });
    grantDescribe(runCommand, [...DESCRIBE_INSTANCE, 'ssm:GetCommandInvocation', 'ssm:ListCommands']);
    grantSendCommand(runCommand, documents, stack);

    // act: the only function that can stop an instance; it takes no event from outside
    const changeInstance = fn('changeInstance', Duration.hours(6));
    grantState(changeInstance, state, {
      read: [STATE.killSwitch, STATE.claims],
      put: [STATE.lastActs],
      update: [STATE.claims],
    });
    grantDescribe(changeInstance, [...DESCRIBE_INSTANCE, ...DESCRIBE_WHOLE_INSTANCE]);
    grantChangeInstance(changeInstance, stack);

    // decide, verify, close
    const remediateIncident = fn('remediateIncident', Duration.days(30));
    grantState(remediateIncident, state, {
      read: [STATE.killSwitch, STATE.claims, STATE.lastActs, STATE.incidents],
      update: [STATE.incidents],
      list: true,
    });
    grantAudit(remediateIncident, audit);
    grantDescribe(remediateIncident, [...DESCRIBE_INSTANCE, ...DESCRIBE_WHOLE_INSTANCE, 'cloudwatch:GetMetricData']);
    grantInvoke(remediateIncident, ENVIRONMENT.runCommand, runCommand);
    grantInvoke(remediateIncident, ENVIRONMENT.changeInstance, changeInstance);

    // care for what is well
    const maintainFleet = fn('maintainFleet', Duration.hours(12));
    grantState(maintainFleet, state, {
      read: [STATE.killSwitch, STATE.claims],
      update: [STATE.chores],
      list: true,
    });
    grantAudit(maintainFleet, audit);
    grantDescribe(maintainFleet, DESCRIBE_INSTANCE);
    grantInvoke(maintainFleet, ENVIRONMENT.runCommand, runCommand);

    // open
    const openIncident = fn('openIncident');
    grantState(openIncident, state, {
      read: [STATE.incidents, STATE.earlyWarnings],
      put: [STATE.incidents, STATE.askedContributors, STATE.earlyWarnings],
      update: [STATE.incidents],
    });
    grantAudit(openIncident, audit);
    grantDescribe(openIncident, [
      'ec2:DescribeInstances',
      'cloudwatch:DescribeAlarmContributors',
      'cloudwatch:GetMetricData',
    ]);
    grantInvoke(openIncident, ENVIRONMENT.remediateIncident, remediateIncident);

    // detect
    if (config.agent?.mode === 'install') {
      const port = config.keep?.measurements?.port;
      const measured = port === undefined ? {} : { measurementPort: port };
      new AgentRollOut(this, 'Agent', { stackName: stack, install: config.agent, ...measured });
    }
    if (config.keep !== undefined) new KeptOnInstances(this, 'Kept', { config, keep: config.keep });
    const intake = new AlarmIntake(this, 'AlarmIntake', {
      stackName: stack,
      alarmNames: watchedOf(config, policy.slices).flatMap(({ id: watchedId, detection }) => [
        alarmName(stack, watchedId),
        ...(detection.early === undefined ? [] : [earlyAlarmName(stack, watchedId)]),
      ]),
      opener: openIncident,
    });
    for (const slice of watchedOf(config, policy.slices)) {
      const watched = { stackName: stack, slice, metricNamespace: policy.metricNamespace, actionArn: intake.actionArn };
      new FleetAlarm(this, `Alarm-${slice.id}`, watched);
      if (slice.detection.early !== undefined) {
        new FleetAlarm(this, `EarlyAlarm-${slice.id}`, { ...watched, early: true });
      }
    }

    // people ask
    const answerRequest = fn('answerRequest');
    grantState(answerRequest, state, {
      read: [STATE.killSwitch, STATE.claims, STATE.lastActs, STATE.incidents, STATE.lastSweep, STATE.chores],
      put: [STATE.killSwitch, STATE.incidents],
      update: [STATE.incidents],
      list: true,
    });
    grantAudit(answerRequest, audit);
    grantDescribe(answerRequest, [
      ...DESCRIBE_INSTANCE,
      ...DESCRIBE_WHOLE_INSTANCE,
      'cloudwatch:DescribeAlarmContributors',
      'cloudwatch:DescribeAlarms',
      'cloudwatch:GetMetricData',
      'ssm:DescribeDocument',
      'ssm:GetCommandInvocation',
      'ssm:ListCommands',
      'ssm:ListDocuments',
    ]);
    grantDescribeTables(answerRequest, [state, audit]);
    grantReadFunctions(answerRequest, stack, [
      'lambda:GetAlias',
      'lambda:GetFunctionConfiguration',
      'lambda:ListDurableExecutionsByFunction',
      'lambda:ListVersionsByFunction',
    ]);
    grantInvoke(answerRequest, ENVIRONMENT.remediateIncident, remediateIncident);
    grantInvoke(answerRequest, ENVIRONMENT.maintainFleet, maintainFleet);

    // tell
    const sendSns = fn('sendSns');
    grantState(sendSns, state, { read: [STATE.told], put: [STATE.told] });
    const channel = new SnsChannel(this, 'SnsChannel', {
      sender: sendSns,
      criticalEmails: config.notifications?.criticalEmails ?? [],
      warningEmails: config.notifications?.warningEmails ?? [],
      topics: props.topics ?? {},
    });
    const notify = fn('notify');
    channel.grantSend(notify);
    notify.live.addEventSource(
      new DynamoEventSource(audit, {
        startingPosition: StartingPosition.TRIM_HORIZON,
        batchSize: 10,
        reportBatchItemFailures: true,
        bisectBatchOnError: true,
        retryAttempts: 10,
        onFailure: new SqsDlq(notify.deadLetters),
      }),
    );

    // sweep
    const sweepIncidents = fn('sweepIncidents');
    grantState(sweepIncidents, state, {
      read: [STATE.incidents, STATE.chores, STATE.earlyWarnings],
      put: [STATE.incidents, STATE.lastSweep, STATE.earlyWarnings],
      update: [STATE.incidents, STATE.chores],
      list: true,
    });
    grantAudit(sweepIncidents, audit);
    grantDescribe(sweepIncidents, [
      'ec2:DescribeInstances',
      'cloudwatch:DescribeAlarms',
      'cloudwatch:DescribeAlarmContributors',
      'cloudwatch:ListAlarmMuteRules',
      'cloudwatch:GetMetricData',
      'ssm:ListDocuments',
    ]);
    grantReadFunctions(sweepIncidents, stack, [
      'lambda:GetAlias',
      'lambda:ListDurableExecutionsByFunction',
      'lambda:ListVersionsByFunction',
    ]);
    grantInvoke(sweepIncidents, ENVIRONMENT.remediateIncident, remediateIncident);
    grantInvoke(sweepIncidents, ENVIRONMENT.maintainFleet, maintainFleet);
    new Rule(this, 'SweepSchedule', {
      description: `${stack}: finds what nobody moved`,
      schedule: Schedule.rate(Duration.minutes(5)),
      targets: [new LambdaTarget(sweepIncidents.live, { deadLetterQueue: sweepIncidents.deadLetters })],
    });

    // watch the watcher
    const selfAlarms = new SelfAlarms(this, 'SelfAlarms', {
      stackName: stack,
      functions: [
        openIncident,
        answerRequest,
        remediateIncident,
        runCommand,
        maintainFleet,
        changeInstance,
        notify,
        sendSns,
        sweepIncidents,
      ],
      notify,
      sender: sendSns,
      channelQueue: channel.queue,
      emails: config.notifications?.selfAlarmEmails ?? config.notifications?.criticalEmails ?? [],
      ...(props.topics?.selfAlarms === undefined ? {} : { topic: props.topics.selfAlarms }),
    });

    channel.grantListSubscriptions(answerRequest);
    selfAlarms.grantListSubscriptions(answerRequest);

    this.answerRequest = answerRequest;
    this.openIncident = openIncident;
    this.stateTableName = state.tableName;
    this.auditTableName = audit.tableName;
    this.criticalTopic = channel.critical;
    this.warningTopic = channel.warning;
    this.selfAlarmTopic = selfAlarms.topic;
  }
}
