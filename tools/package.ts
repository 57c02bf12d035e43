import { join } from 'node:path';
import { bundleFunctions } from './bundle-functions.ts';
import { makePackage } from './make-package.ts';

const folder = join(import.meta.dirname, '../build/package');
await bundleFunctions();
makePackage(folder);
console.log(`${folder} is ready: npm pack ${folder}`);
