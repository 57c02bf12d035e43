import type { ScaledClock } from '../clock.ts';
import type { AwsAnswer, AwsCall, Route } from '../gateway/aws-call.ts';
import { errorAnswer, jsonAnswer } from '../gateway/aws-call.ts';
import type { SandboxInstance } from '../instance/instance.ts';
import { associationActions } from './associations/association-actions.ts';
import { Associations } from './associations/associations.ts';
import { cancelCommand } from './cancel-command.ts';
import type { Command, CommandStatus, Invocation } from './commands.ts';
import { Delivery } from './delivery.ts';
import { describeCommand } from './describe-command.ts';
import { describeInstanceInformation } from './describe-instance-information.ts';
import { createDocument, deleteDocument, describeDocument, getDocument, listDocuments } from './document-actions.ts';
import { Documents } from './documents.ts';
import { CommandFaults } from './faults.ts';
import { getCommandInvocation } from './get-command-invocation.ts';
import type { Input } from './input.ts';
import { listCommandInvocations } from './list-command-invocations.ts';
import { listCommands } from './list-commands.ts';
import type { ManagedInstances } from './managed-instance.ts';
import { makeCommand } from './send-command.ts';
import { SsmError } from './ssm-error.ts';

/** What the emulation of Run Command stands on. */
export interface SsmOptions {
  /** Instances by id; looked at anew for each call. */
  readonly instances: ManagedInstances;
  readonly clock: ScaledClock;
  readonly instanceTags: (instanceId: string) => Promise<Record<string, string>>;
  /** Where an instance's metadata is to be had, for what State Manager runs there. @default nowhere */
  readonly metadataEndpoint?: (instance: SandboxInstance) => Promise<string>;
  /** Told of what went wrong without anybody waiting for it. @default it is thrown */
  readonly onProblem?: (problem: string) => void;
}

/** One command's end on one instance. */
export interface CompletedInvocation {
  readonly commandId: string;
  readonly instanceId: string;
  readonly documentName: string;
  readonly comment: string;
  readonly status: CommandStatus;
  readonly statusDetails: string;
  /** Epoch milliseconds of the sandbox's clock. */
  readonly requestedAtMillis: number;
}

/** The emulation of SSM Run Command, State Manager and command documents. */
export interface SsmRoute {
  readonly route: Route;
  readonly faults: CommandFaults;
  readonly associations: Associations;
  /** Adds a command document; fails with `SsmError` where it is not valid or its name is taken. */
  createDocument(name: string, content: unknown, tags?: Readonly<Record<string, string>>): void;
  /** Gives a command document these tags instead of those that it has. */
  tagDocument(name: string, tags: Readonly<Record<string, string>>): void;
  /** Removes a command document; fails with `SsmError` where there is none of that name. */
  deleteDocument(name: string): void;
  /** Calls at each end of a command on an instance; the returned function takes the listener off. */
  onCompleted(listener: (completed: CompletedInvocation) => void): () => void;
  /** Ends the commands that run, and waits for them. */
  stop(): Promise<void>;
}

/** Makes the route that answers the SSM actions of Run Command and State Manager; every other action is forwarded. */
export function createSsmRoute(options: SsmOptions): SsmRoute {
  const { clock, instances } = options;
  const documents = new Documents(clock.nowMillis());
  const faults = new CommandFaults();
  const commands: Command[] = [];
  const listeners = new Set<(completed: CompletedInvocation) => void>();
  const delivery = new Delivery({ instances, clock, faults }, (command, invocation) => {
    for (const listener of listeners) listener(completedInvocation(command, invocation));
  });
  const associations = new Associations({ onProblem: fail, ...options, documents, faults });

  const actions: Readonly<Record<string, (input: Input) => Input | Promise<Input>>> = {
    SendCommand: async (input) => {
      const command = await makeCommand(input, { ...options, documents });
      commands.push(command);
      // Described before it is delivered: as it was accepted.
      const answer = { Command: describeCommand(command) };
      for (const invocation of command.invocations) delivery.accept(command, invocation);
      return answer;
    },
    GetCommandInvocation: (input) => getCommandInvocation([...commands, ...associations.commands], input),
    ListCommands: (input) => listCommands(commands, input),
    ListCommandInvocations: (input) => listCommandInvocations(commands, input),
    CancelCommand: (input) => cancelCommand(commands, delivery, input),
    DescribeInstanceInformation: (input) => describeInstanceInformation(input, options),
    CreateDocument: (input) => createDocument(documents, input, clock.nowMillis()),
    DescribeDocument: (input) => describeDocument(documents, input),
    GetDocument: (input) => getDocument(documents, input),
    ListDocuments: (input) => listDocuments(documents, input),
    DeleteDocument: (input) => deleteDocument(documents, input),
    ...associationActions(associations),
  };

  return {
    faults,
    associations,
    route: async (call) => {
      const act = call.service === 'ssm' && Object.hasOwn(actions, call.action) ? actions[call.action] : undefined;
      return act === undefined ? 'forward' : answerCall(call, act);
    },
    createDocument: (name, content, tags = {}) => {
      documents.create(name, content, clock.nowMillis(), tags);
    },
    tagDocument: (name, tags) => documents.tag(name, tags),
    deleteDocument: (name) => documents.delete(name),
    onCompleted: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop: async () => {
      await Promise.all([delivery.stop(), associations.stop()]);
    },
  };
}

async function answerCall(call: AwsCall, act: (input: Input) => Input | Promise<Input>): Promise<AwsAnswer> {
  try {
    return jsonAnswer(await act(call.input));
  } catch (error) {
    if (error instanceof SsmError) return errorAnswer(error.type, error.message);
    throw error;
  }
}

function completedInvocation(command: Command, invocation: Invocation): CompletedInvocation {
  return {
    commandId: command.id,
    instanceId: invocation.instanceId,
    documentName: command.documentName,
    comment: command.comment,
    status: invocation.state.status,
    statusDetails: invocation.state.details,
    requestedAtMillis: command.requestedAtMillis,
  };
}

function fail(problem: string): never {
  throw new Error(problem);
}
