import { OperationStore } from '../../../sandbox/lambda/durable/operation-store.ts';
import type { Update } from '../../../sandbox/lambda/durable/update.ts';
import { checkUpdates } from '../../../sandbox/lambda/durable/update-rules.ts';

describe('a checkpoint', () => {
  const store = new OperationStore('{}', () => 0);
  const check = (...updates: Update[]) => checkUpdates(updates, store.all);
  const step = (Action: Update['Action'], more: Partial<Update> = {}): Update => ({
    Id: 's',
    Type: 'STEP',
    Action,
    ...more,
  });

  it('may start and end a step at once, but not start it twice', () => {
    expect(() => check(step('START'), step('SUCCEED'))).not.toThrow();
    expect(() => check(step('START'), step('START'))).toThrow('Invalid current STEP state to start: s is STARTED.');
  });

  it('may not end a step that waits for its next attempt', () => {
    expect(() => check(step('RETRY'), step('SUCCEED'))).toThrow('Invalid current STEP state to succeed: s is PENDING.');
  });

  it('may not use an action that its type does not have, nor change the type', () => {
    expect(() => check({ Id: 'w', Type: 'WAIT', Action: 'SUCCEED' })).toThrow('Invalid current WAIT state to succeed');
    expect(() => check(step('START'), { Id: 's', Type: 'WAIT', Action: 'CANCEL' })).toThrow('operation s is a STEP');
  });

  it('needs a context as parent', () => {
    const context: Update = { Id: 'c', Type: 'CONTEXT', Action: 'START' };
    expect(() => check(context, step('START', { ParentId: 'c' }))).not.toThrow();
    expect(() => check(step('START', { ParentId: 'c' }))).toThrow('Invalid parent operation id: c is not a CONTEXT.');
  });

  it('is refused past 3,000 operations, 256 KB of payload and 32 KB of error', () => {
    const many = Array.from({ length: 3_000 }, (_, index) => step('START', { Id: `s${index}` }));
    expect(() => check(...many.slice(1))).not.toThrow();
    expect(() => check(...many)).toThrow('execution would have 3001 operations, at most 3000');
    expect(() => check(step('SUCCEED', { Payload: 'x'.repeat(262_145) }))).toThrow('STEP payload of 262145 bytes');
    const Error = { ErrorMessage: 'x'.repeat(40_000) };
    expect(() => check(step('FAIL', { Error }))).toThrow('is too large, at most 32768 bytes');
  });
});
