export interface StatusLook {
  word: string;
  icon: string;
  /** RGB as one number. */
  color: number;
}

const LOOKS: readonly StatusLook[] = [
  { word: 'DOWN', icon: '❌', color: 0xef4444 },
  { word: 'UP', icon: '✅', color: 0x22c55e },
  { word: 'PENDING', icon: '⏳', color: 0xa855f7 },
  { word: 'MAINTENANCE', icon: '🚧', color: 0x3b82f6 },
];

/** How a status (its number on the wire) is shown in messages. */
export function statusLook(status: number): StatusLook {
  return LOOKS[status] ?? { word: `Unknown (${status})`, icon: '❔', color: 0x6b7280 };
}
