import { asInternalFault, InternalFault, isOurFault } from './faults';
import { OutboundError } from './types';

describe('isOurFault', () => {
  it.each([
    new TypeError('x is not a function'),
    new RangeError('Invalid array length'),
    new ReferenceError('x is not defined'),
    new InternalFault('out of slots'),
    Object.assign(new Error('too many open files'), { code: 'EMFILE' }),
    Object.assign(new Error('cannot allocate memory'), { code: 'ENOMEM' }),
    Object.assign(new Error('spawn'), { code: 'EAGAIN' }),
  ])('is true for %s', (error) => expect(isOurFault(error)).toBe(true));

  it.each([
    new OutboundError('connection refused', { cause: new TypeError('inner') }),
    Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }),
    new DOMException('late', 'TimeoutError'),
    'a string',
    null,
    undefined,
  ])('is false for %s', (error) => expect(isOurFault(error)).toBe(false));
});

describe('asInternalFault', () => {
  it('keeps what happened as the cause', () => {
    const bug = new TypeError('x is not a function');

    expect(asInternalFault(bug)).toMatchObject({ message: 'x is not a function', cause: bug });
  });

  it('leaves an internal fault alone', () => {
    const fault = new InternalFault('out of slots');

    expect(asInternalFault(fault)).toBe(fault);
  });
});
