import { App, Validations } from 'aws-cdk-lib';
import flags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };
import { AwsSolutionsChecks } from 'cdk-nag';
import { SelfHealingStack } from '../lib/self-healing-stack.ts';
import config from '../self-healing.config.ts';

const app = new App({ context: flags });
new SelfHealingStack(app, 'SelfHealing', { config });
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
app.synth();
