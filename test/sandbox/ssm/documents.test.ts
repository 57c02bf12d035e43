import { ssmWithStubs } from './ssm-with-stubs.ts';

const CONTENT = JSON.stringify({
  schemaVersion: '2.2',
  description: 'says a word',
  parameters: { Word: { type: 'String', default: 'w', description: 'the word' } },
  mainSteps: [{ name: 'say', action: 'aws:runShellScript', inputs: { runCommand: ['echo {{ Word }}'] } }],
});

let world: ReturnType<typeof ssmWithStubs>;
beforeEach(() => {
  world = ssmWithStubs();
});
afterEach(() => world.ssm.stop());

test('a client creates a document, reads it, runs it, and deletes it', async () => {
  const created = await world.call('CreateDocument', { Name: 'say-word', DocumentType: 'Command', Content: CONTENT });
  expect(created['DocumentDescription']).toMatchObject({ Name: 'say-word', Status: 'Active', Owner: '123456789012' });
  expect(await world.call('GetDocument', { Name: 'say-word', DocumentVersion: '$LATEST' })).toMatchObject({
    Content: CONTENT,
  });
  const described = await world.call('DescribeDocument', {
    Name: 'arn:aws:ssm:us-east-1:123456789012:document/say-word',
  });
  expect(described['Document']).toMatchObject({ Parameters: [{ Name: 'Word', Type: 'String', DefaultValue: 'w' }] });
  const own = await world.call('ListDocuments', { Filters: [{ Key: 'Owner', Values: ['Self'] }] });
  expect(own['DocumentIdentifiers']).toMatchObject([{ Name: 'say-word' }]);
  await world.completed(await world.send({ DocumentName: 'say-word', Parameters: {} }));
  expect(world.first.scripts).toHaveLength(1);
  await world.call('DeleteDocument', { Name: 'say-word' });
  await expect(world.call('GetDocument', { Name: 'say-word' })).rejects.toThrow('InvalidDocument');
});

test('documents are found by the beginning of their name, by their owner and by their tags', async () => {
  const Tags = [{ Key: 'self-healing:stack', Value: 'web' }];
  await world.call('CreateDocument', { Name: 'web-check', Content: CONTENT, Tags });
  await world.call('CreateDocument', { Name: 'web-2-check', Content: CONTENT });
  const names = async (Key: string, ...Values: string[]) => {
    const { DocumentIdentifiers } = await world.call('ListDocuments', { Filters: [{ Key, Values }] });
    return JSON.parse(JSON.stringify(DocumentIdentifiers)).map(({ Name }: { Name: string }) => Name);
  };
  expect(await names('Name', 'web-')).toEqual(['web-2-check', 'web-check']);
  expect(await names('Owner', 'Self')).toEqual(['web-2-check', 'web-check']);
  expect(await names('tag:self-healing:stack', 'web')).toEqual(['web-check']);
  expect(await names('tag:self-healing:stack', 'web-2')).toEqual([]);
  await expect(names('Colour', 'blue')).rejects.toThrow('InvalidFilterKey');
});

test('refuses a name that is taken or is for AWS alone', async () => {
  await world.call('CreateDocument', { Name: 'say-word', Content: CONTENT });
  await expect(world.call('CreateDocument', { Name: 'say-word', Content: CONTENT })).rejects.toThrow(
    'DocumentAlreadyExists',
  );
  await expect(world.call('CreateDocument', { Name: 'AWS-Mine', Content: CONTENT })).rejects.toThrow(
    'ValidationException',
  );
  await expect(world.call('DeleteDocument', { Name: 'AWS-RunShellScript' })).rejects.toThrow('InvalidDocument');
});

test.each([
  ['what is not JSON', '{'],
  ['another schema version', '{"schemaVersion":"0.3","mainSteps":[]}'],
  ['no steps', '{"schemaVersion":"2.2","mainSteps":[]}'],
  ['a parameter of a type that commands do not have', CONTENT.replace('"String"', '"Integer"')],
  ['an action that is not run here', CONTENT.replace('aws:runShellScript', 'aws:runPowerShellScript')],
  ['a broken pattern', CONTENT.replace('"default"', '"allowedPattern":"(","default"')],
])('refuses %s', async (_, Content) => {
  await expect(world.call('CreateDocument', { Name: 'say-word', Content })).rejects.toThrow('InvalidDocumentContent');
});
