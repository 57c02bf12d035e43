import { readFileSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import type { DiskUsage } from './instance.ts';

/** CPU time since the instance's start, in ticks, from the first line of its /proc/stat. */
export interface CpuReading {
  readonly total: number;
  readonly idle: number;
}

/** Reads the instance's /proc/stat. */
export function readCpu(machineRoot: string): CpuReading {
  const line = readFileSync(join(machineRoot, 'proc/stat'), 'utf8').split('\n')[0] ?? '';
  const ticks = line.trim().split(/\s+/).slice(1).map(Number);
  return { total: ticks.reduce((sum, value) => sum + value, 0), idle: (ticks[3] ?? 0) + (ticks[4] ?? 0) };
}

/** Percentage of the time between two readings that was not idle; `undefined` where no time has passed. */
export function activePercent(before: CpuReading, now: CpuReading): number | undefined {
  const total = now.total - before.total;
  return total > 0 ? (100 * (total - (now.idle - before.idle))) / total : undefined;
}

/** Percentage of memory in use by the instance's /proc/meminfo: neither free nor buffers nor cached. */
export function readMemoryUsedPercent(machineRoot: string): number {
  const text = readFileSync(join(machineRoot, 'proc/meminfo'), 'utf8');
  const value = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1] ?? 0);
  const total = value('MemTotal');
  return (100 * (total - value('MemFree') - value('Buffers') - value('Cached'))) / total;
}

/** Usage of the instance's disks: blocks used over those that a process could still use, as `df` counts. */
export function readDisks(machineRoot: string, initPid: number, paths: readonly string[]): DiskUsage[] {
  const mounts = readFileSync(`/proc/${initPid}/mountinfo`, 'utf8').split('\n');
  return paths.map((path) => {
    const { blocks, bfree, bavail } = statfsSync(join(machineRoot, path));
    const used = blocks - bfree;
    return { path, fstype: typeOfMount(mounts, path), usedPercent: (100 * used) / (used + bavail) };
  });
}

function typeOfMount(mounts: readonly string[], path: string): string {
  const mount = mounts.findLast((line) => line.split(' ')[4] === path);
  return mount?.split(' - ')[1]?.split(' ')[0] ?? 'unknown';
}
