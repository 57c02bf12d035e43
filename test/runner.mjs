import TestRunner from 'jest-runner';
import { needsRoom } from './suites.mjs';

/** Runs the suites that need room by as many workers as there are, and then the others, which mostly wait, by half as many again. */
export default class RoomFirst extends TestRunner {
  async runTests(tests, watcher, options) {
    if (options.serial) return super.runTests(tests, watcher, options);
    const config = this._globalConfig;
    const roomy = tests.filter(needsRoom);
    if (roomy.length > 0) await super.runTests(roomy, watcher, options);
    const others = tests.filter((test) => !needsRoom(test));
    this._globalConfig = { ...config, maxWorkers: Math.ceil(config.maxWorkers * 1.5) };
    if (others.length > 0) await super.runTests(others, watcher, options);
  }
}
