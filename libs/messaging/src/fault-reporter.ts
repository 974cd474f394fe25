/** Reports what went wrong although it should have been dealt with; the work goes on. */
export type FaultReporter = (error: unknown, what: string) => void;
