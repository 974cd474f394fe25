/**
 * Something went wrong on our side: a bug, or a worker out of descriptors, memory or ports. It says nothing about the
 * target, so it must never become a DOWN heartbeat.
 */
export class InternalFault extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'InternalFault';
  }
}

/** Resources of this process or host that ran out. */
const EXHAUSTED = new Set(['EMFILE', 'ENFILE', 'ENOMEM', 'ENOBUFS', 'EAGAIN']);

/**
 * What the language throws at a programming error; where text of others is parsed, such errors are expected and caught
 * on the spot. By name, so that it does not matter in which realm (worker, vm context) the error was made.
 */
const PROGRAMMING_ERRORS = new Set(['TypeError', 'RangeError', 'ReferenceError', 'SyntaxError']);

/** Tells an error of ours from a target that is down. */
export function isOurFault(error: unknown): boolean {
  if (error instanceof InternalFault) return true;
  if (PROGRAMMING_ERRORS.has(nameOf(error))) return true;
  return EXHAUSTED.has(codeOf(error));
}

/** The same error as an {@link InternalFault}, with the original as its cause. */
export function asInternalFault(error: unknown): InternalFault {
  if (error instanceof InternalFault) return error;
  return new InternalFault(error instanceof Error ? error.message : String(error), { cause: error });
}

function nameOf(error: unknown): string {
  const name: unknown = (error as { name?: unknown } | null | undefined)?.name;
  return typeof name === 'string' ? name : '';
}

/** The `code` of a Node error; "" when it has none. */
export function codeOf(error: unknown): string {
  const code: unknown = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : '';
}
