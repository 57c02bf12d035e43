import { HELP, parseOptions, UsageError } from '../../sandbox/options.ts';

const defaults = { once: false, tour: true, instances: 3, port: 4566, speed: 12 };

test.each([
  [[], defaults],
  [['--once'], { ...defaults, once: true }],
  [['--no-tour'], { ...defaults, tour: false }],
  [['--instances', '20', '--port', '0', '--speed', '60'], { ...defaults, instances: 20, port: 0, speed: 60 }],
  [['--config', 'mine/self-healing.config.ts'], { ...defaults, config: 'mine/self-healing.config.ts' }],
  [['--instances=1', '--port=65535', '--speed=1'], { ...defaults, instances: 1, port: 65_535, speed: 1 }],
])('%j is understood', (args, options) => {
  expect(parseOptions(args)).toEqual(options);
});

test.each([[['--help']], [['-h']], [['--once', '--help']]])('%j asks for help', (args) => {
  expect(parseOptions(args)).toBe('help');
});

test.each([
  [['--instances', '0'], '--instances is "0", allowed is a whole number from 1 to 20'],
  [['--instances', '21'], '--instances is "21", allowed is a whole number from 1 to 20'],
  [['--instances', '1.5'], '--instances is "1.5", allowed is a whole number from 1 to 20'],
  [['--instances', 'three'], '--instances is "three", allowed is a whole number from 1 to 20'],
  [['--instances', ''], '--instances is "", allowed is a whole number from 1 to 20'],
  [['--port', '65536'], '--port is "65536", allowed is a whole number from 0 to 65535'],
  [['--port', '1e3'], '--port is "1e3", allowed is a whole number from 0 to 65535'],
  [['--speed', '61'], '--speed is "61", allowed is a whole number from 1 to 60'],
  [['--speed', '0'], '--speed is "0", allowed is a whole number from 1 to 60'],
  [['--once', '--no-tour'], '--once leaves after the tour: it does not go with --no-tour'],
])('%j is refused, and says what is allowed', (args, message) => {
  expect(() => parseOptions(args)).toThrow(new UsageError(message));
});

test.each([[['--fast']], [['disk-full']], [['--port']], [['--config']]])(
  '%j is refused with the whole usage',
  (args) => {
    expect(() => parseOptions(args)).toThrow(UsageError);
    expect(() => parseOptions(args)).toThrow(HELP);
  },
);

test('every option is explained', () => {
  for (const option of ['--once', '--no-tour', '--instances N', '--port N', '--speed N', '--config FILE', '--help']) {
    expect(HELP).toContain(`\n  ${option} `);
  }
});
