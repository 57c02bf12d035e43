import { executionArn, functionArn, parseFunctionReference } from '../../../sandbox/lambda/names.ts';

describe('the name of a function', () => {
  it.each([
    ['heal', { name: 'heal' }],
    ['heal:live', { name: 'heal', qualifier: 'live' }],
    ['heal:$LATEST', { name: 'heal', qualifier: '$LATEST' }],
    ['123456789012:function:heal', { name: 'heal' }],
    ['arn:aws:lambda:us-east-1:123456789012:function:heal', { name: 'heal' }],
    ['arn:aws:lambda:us-east-1:123456789012:function:heal:7', { name: 'heal', qualifier: '7' }],
  ])('is read from %s', (text, reference) => {
    expect(parseFunctionReference(text)).toEqual(reference);
  });

  it.each(['', 'a b', 'heal:live:now', 'arn:aws:lambda:eu-west-1:123456789012:function:heal'])('is not %j', (text) => {
    expect(() => parseFunctionReference(text)).toThrow('is neither a name, name:qualifier nor an ARN of this account');
  });

  it('takes the qualifier from beside it, but not two that differ', () => {
    expect(parseFunctionReference('heal', 'live')).toEqual({ name: 'heal', qualifier: 'live' });
    expect(parseFunctionReference('heal:live', 'live')).toEqual({ name: 'heal', qualifier: 'live' });
    expect(() => parseFunctionReference('heal:live', 'old')).toThrow('does not match the specified qualifier');
  });

  it('makes ARNs as AWS writes them', () => {
    expect(functionArn('heal', 'live')).toBe('arn:aws:lambda:us-east-1:123456789012:function:heal:live');
    expect(executionArn('heal', '1', 'run-1', 'id')).toBe(
      'arn:aws:lambda:us-east-1:123456789012:function:heal:1/durable-execution/run-1/id',
    );
  });
});
