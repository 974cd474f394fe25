export * from './types';
export { codeOf, InternalFault, isOurFault, asInternalFault } from './faults';
export { endpoint, orAbort, syscallText } from './dial';
export type { Lookup } from './dial';
export { maskedUrl } from './headers';
export { createOutbound } from './outbound';
export type { OutboundOptions } from './outbound';
export { parseTargetPolicy } from './target-policy';
export { secureContext } from './tls';
