// What `npm start` runs. Plain JavaScript, for it has to say its word also where Node.js cannot read TypeScript.

/** How Linux is had elsewhere, by platform. */
const LINUX_ON = {
  darwin: 'for example with Lima: brew install lima && limactl start && lima',
  win32: 'for example with WSL: wsl --install, and then all further in the Linux that it brings',
};

const { platform } = process;
if (platform === 'linux') {
  await import('../tools/require-node.mjs');
  await import('./main.ts');
} else {
  const way = LINUX_ON[platform] ?? 'for example with QEMU';
  process.stderr.write(
    `the sandbox's instances are made of Linux namespaces, and this is ${platform}: use a Linux virtual machine, ${way}\n`,
  );
  process.exitCode = 2;
}
