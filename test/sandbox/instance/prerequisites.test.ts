import { missingPrerequisites } from '../../../sandbox/instance/prerequisites.ts';

test('says what is missing and how to get it', () => {
  const missing = missingPrerequisites({ platform: 'darwin', userId: 501, path: '/nowhere' });
  expect(missing[0]).toBe('Linux (this is darwin; use a virtual machine)');
  expect(missing[1]).toBe('root (run it with sudo)');
});

test('an ordinary user is told to be root', () => {
  expect(missingPrerequisites({ platform: 'linux', userId: 1000, path: process.env['PATH'] ?? '' })).toContain(
    'root (run it with sudo)',
  );
});
