import { createServer, type Server } from 'node:http';
import { SubscribeCommand, type SNSClient } from '@aws-sdk/client-sns';

/** A message as a subscriber of a topic reads it. */
export interface ReceivedMessage {
  readonly topicArn: string;
  readonly subject: string;
  readonly text: string;
}

/** A subscriber on loopback, for the messages that people would get by e-mail. */
export class Subscriber {
  readonly messages: ReceivedMessage[] = [];
  readonly #listeners: ((message: ReceivedMessage) => void)[] = [];
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        this.#take(Buffer.concat(chunks).toString());
        response.end();
      });
    });
  }

  /** Listens on a free loopback port and subscribes to the topics. */
  async subscribe(sns: SNSClient, topicArns: Iterable<string>): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    for (const TopicArn of topicArns) {
      await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint: `http://127.0.0.1:${port}/` }));
    }
  }

  onMessage(listener: (message: ReceivedMessage) => void): void {
    this.#listeners.push(listener);
  }

  /** The first message that fits, come or to come; `undefined` where none does within `seconds` of real time. */
  waitFor(fits: (message: ReceivedMessage) => boolean, seconds: number): Promise<ReceivedMessage | undefined> {
    const found = this.messages.find(fits);
    if (found !== undefined) return Promise.resolve(found);
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(undefined), seconds * 1000);
      this.onMessage((message) => {
        if (!fits(message)) return;
        clearTimeout(timer);
        resolve(message);
      });
    });
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #take(body: string): void {
    const { Type, TopicArn, Subject, Message }: Record<string, string | undefined> = JSON.parse(body);
    if (Type !== 'Notification') return;
    const message = { topicArn: TopicArn ?? '', subject: Subject ?? '', text: Message ?? '' };
    this.messages.push(message);
    for (const listener of this.#listeners) listener(message);
  }
}
