/** Waits for something that tells nobody when it happens; fails after real seconds and says what did not happen. */
export async function until(what: string, happened: () => boolean | Promise<boolean>, seconds = 100): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await happened())) {
    if (Date.now() > deadline) throw new Error(`within ${seconds} s it did not happen that ${what}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
}
