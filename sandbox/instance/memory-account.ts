/** Memory of an instance as /proc/meminfo shows it, in KiB. */
export interface MemoryReading {
  readonly totalKibibytes: number;
  /** Anonymous memory of the instance's processes, and its /dev/shm. */
  readonly usedKibibytes: number;
  readonly sharedKibibytes: number;
  readonly buffersKibibytes: number;
  readonly cachedKibibytes: number;
}

/** Part of an instance's memory that the page cache takes while nobody else wants it. */
const CACHED_SHARE = 0.15;
const BUFFERS_SHARE = 0.01;

/** Memory over the declared size; more than there is counts as all of it. */
export function memoryReading(
  totalMebibytes: number,
  anonymousKibibytes: number,
  sharedKibibytes: number,
): MemoryReading {
  const total = totalMebibytes * 1024;
  const used = Math.min(total, anonymousKibibytes + sharedKibibytes);
  const buffers = Math.min(Math.floor(total * BUFFERS_SHARE), total - used);
  return {
    totalKibibytes: total,
    usedKibibytes: used,
    sharedKibibytes: Math.min(sharedKibibytes, used),
    buffersKibibytes: buffers,
    cachedKibibytes: Math.min(Math.floor(total * CACHED_SHARE), total - used - buffers),
  };
}
