// CPU and memory of a process, from /proc.
import { readFileSync, readdirSync } from 'node:fs';

/** Linux reports CPU time in hundredths of a second, whatever the kernel's own clock (man 5 proc, USER_HZ). */
const TICK_MS = 10;

/** User and system time of a process and its children, those that ended included, ms. */
export function cpuMs(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0);
  return childrenOf(pid).reduce((sum, child) => sum + cpuMs(child), ticks * TICK_MS);
}

function childrenOf(pid) {
  const list = (task) => readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ');
  return readdirSync(`/proc/${pid}/task`).flatMap(list).filter(Boolean).map(Number);
}

/** Memory in use, MiB. */
export function rssMiB(pid) {
  return statusKiB(pid, 'VmRSS') / 1024;
}

/** The most memory that the process ever used, MiB. */
export function peakRssMiB(pid) {
  return statusKiB(pid, 'VmHWM') / 1024;
}

function statusKiB(pid, name) {
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
}
