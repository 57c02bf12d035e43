import { Arrivals } from '../../../sandbox/events/arrivals.ts';

const put = { service: 'dynamodb', action: 'PutItem', input: { TableName: 'audit' }, status: 200 };
const send = {
  service: 'sqs',
  action: 'SendMessage',
  input: { QueueUrl: 'http://127.0.0.1:5000/123456789012/messages' },
  status: 200,
};

let arrivals: Arrivals;
let stopping: AbortController;
beforeEach(() => {
  jest.useFakeTimers();
  arrivals = new Arrivals();
  stopping = new AbortController();
});
afterEach(() => jest.useRealTimers());

/** Waits for more at a place than there was, and notes when that is over. */
const wait = (place: string, seen = arrivals.count(place)): { over: boolean } => {
  const waiting = { over: false };
  void arrivals.more(place, seen, 1000, stopping.signal).then(() => {
    waiting.over = true;
  });
  return waiting;
};
const settle = () => jest.advanceTimersByTimeAsync(0);

test.each([
  ['a write to the table', 'audit', put],
  ['a message to the queue, by whatever port', 'messages', send],
])('%s ends the waiting', async (_name, place, call) => {
  const waiting = wait(place);
  await settle();
  expect(waiting.over).toBe(false);
  arrivals.note(call);
  await settle();
  expect(waiting.over).toBe(true);
});

test.each([
  ['a write to another table', { ...put, input: { TableName: 'state' } }],
  ['a write that was refused', { ...put, status: 400 }],
  ['the asking itself', { ...put, action: 'GetRecords' }],
])('%s does not', async (_name, call) => {
  const waiting = wait('audit');
  arrivals.note(call);
  await settle();
  expect(waiting.over).toBe(false);
});

test('what came since the last look is not waited for', async () => {
  const seen = arrivals.count('audit');
  arrivals.note(put);
  const waiting = wait('audit', seen);
  await settle();
  expect(waiting.over).toBe(true);
});

test('the waiting is over after its time, and at the signal', async () => {
  const [inTime, stopped] = [wait('audit'), wait('messages')];
  await jest.advanceTimersByTimeAsync(999);
  expect([inTime.over, stopped.over]).toEqual([false, false]);
  await jest.advanceTimersByTimeAsync(1);
  expect([inTime.over, stopped.over]).toEqual([true, true]);

  const waiting = wait('audit');
  stopping.abort();
  await settle();
  expect(waiting.over).toBe(true);
  expect(jest.getTimerCount()).toBe(0);
});
