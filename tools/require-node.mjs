// Ends the process with one clear sentence where its Node.js cannot run TypeScript as it is. Plain JavaScript for that reason.
const OLDEST = 24;

const { node } = process.versions;
if (Number(node.split('.')[0]) < OLDEST) {
  process.stderr.write(
    `Node.js ${OLDEST} or newer is needed, and this is ${node} on ${process.platform} ${process.arch}: on Linux x64 \`npm ci\` brings it, elsewhere it is to be installed, from https://nodejs.org/ for example\n`,
  );
  process.exit(2);
}
