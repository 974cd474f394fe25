import { protocolProblem } from './handshake';

describe('protocolProblem', () => {
  const transport = { code: 0, message: 'Transport unknown' };
  const version = { code: 4, message: 'Unsupported protocol version' };

  it.each([
    ['/socket.io/?EIO=4&transport=polling', null],
    ['/socket.io/?transport=websocket&EIO=4&sid=x', null],
    ['/socket.io/x/y?EIO=4&transport=polling', null],
    ['/socket.io/', transport],
    ['/socket.io/?EIO=3', transport],
    ['/socket.io/?EIO=4&transport=webtransport', transport],
    ['/socket.io/?EIO=3&transport=polling', version],
    ['/socket.io/?transport=polling', version],
    ['/socket.io/?EIO=4?transport=polling', transport],
  ])('of %s', (url, problem) => {
    expect(protocolProblem(url)).toEqual(problem);
  });
});
