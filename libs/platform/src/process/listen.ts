import { StartupError } from '@app/core';
import type { Env } from '@app/core';
import type { ServiceApp } from './start-service';

/** @throws StartupError with what to do when the port cannot be had. */
export async function listen(app: ServiceApp, { SERVER_PORT, SERVER_HOST }: Env): Promise<void> {
  try {
    await app.listen(SERVER_PORT, SERVER_HOST);
  } catch (error) {
    throw explained(error, SERVER_PORT, SERVER_HOST);
  }
}

function explained(error: unknown, port: number, host: string): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE':
      return new StartupError(
        `Port ${port} is in use: stop the program that uses it, or set SERVER_PORT to another one`,
        { cause: error },
      );
    case 'EACCES':
      return new StartupError(`This user may not listen on port ${port}: set SERVER_PORT to one above 1023`, {
        cause: error,
      });
    case 'EADDRNOTAVAIL':
      return new StartupError(`SERVER_HOST ${host} is no address of this machine`, { cause: error });
    default:
      return error;
  }
}
