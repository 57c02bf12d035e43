import { App, Stack, Stage } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { ConfigError } from '../../lib/config/define-config.ts';
import { requireUniqueName } from '../../lib/require-unique-name.ts';

class Named extends Construct {
  readonly name: string;

  constructor(scope: Construct, name: string) {
    super(scope, 'Named');
    this.name = name;
  }
}

const here = { account: '111111111111', region: 'eu-central-1' };
const stackIn = (app: Construct, id: string, env?: typeof here) => new Stack(app, id, env === undefined ? {} : { env });
const require = (scope: Construct, name: string) => () => requireUniqueName(new Named(scope, name));

test('two of one name in one account and region are refused, by the paths of both', () => {
  const app = new App();
  require(stackIn(app, 'Shop', here), 'fleet')();
  expect(require(stackIn(app, 'Bank', here), 'fleet')).toThrow(
    new ConfigError(
      'two stacks are named "fleet": Shop/Named and Bank/Named; both would act on the same instances: give one another "stackName", or each the "env" where it is deployed',
    ),
  );
});

test('a stack of no environment may be deployed beside any other, in a stage too', () => {
  const app = new App();
  require(stackIn(app, 'Anywhere'), 'fleet')();
  expect(require(stackIn(new Stage(app, 'Production'), 'Bank'), 'fleet')).toThrow(
    'Anywhere/Named and Production/Bank/Named',
  );
  expect(require(stackIn(app, 'Bank', here), 'fleet')).toThrow('Anywhere/Named and Bank/Named');
});

test('another name, another region, another account and another app never meet', () => {
  const app = new App();
  require(stackIn(app, 'Shop', here), 'fleet')();
  require(stackIn(app, 'Name', here), 'fleet-2')();
  require(stackIn(app, 'Region', { ...here, region: 'eu-west-1' }), 'fleet')();
  require(stackIn(app, 'Account', { ...here, account: '222222222222' }), 'fleet')();
  require(stackIn(new App(), 'Shop', here), 'fleet')();
  expect(require(stackIn(app, 'Same', here), 'fleet-2')).toThrow('Name/Named and Same/Named');
});
