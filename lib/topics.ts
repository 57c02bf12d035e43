import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { ConfigError } from './config/define-config.ts';

/** Topics that exist already; standard ones, encrypted or not. */
export interface Topics {
  /** For what wants a person at once. @default one is made */
  readonly critical?: ITopic;
  /** For the rest. @default one is made */
  readonly warning?: ITopic;
  /**
   * For what is wrong with the system itself. One of another app must let CloudWatch publish; its key too, if it is encrypted.
   * @default one is made
   */
  readonly selfAlarms?: ITopic;
}

/** Throws a ConfigError for a FIFO topic: nobody can subscribe to one by e-mail, and messages to it need a group. */
export function requireStandardTopics(topics: Topics): void {
  for (const [name, topic] of Object.entries(topics)) {
    if (topic?.fifo === true) {
      throw new ConfigError(
        `topics.${name} is ${topic.node.path}, a FIFO topic; allowed is a standard one, which can tell people by e-mail`,
      );
    }
  }
}
