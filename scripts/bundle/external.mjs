// Packages that stay in node_modules, and are required when the code that needs them first runs.

/** They load a binary beside themselves, by a path that they work out. */
const NATIVE = ['@node-rs/argon2', 'bcrypt', 'better-sqlite3', 'bufferutil', 'msgpackr-extract', 'utf-8-validate'];

/** Their files are served, not run. */
const ASSETS = ['swagger-ui-dist'];

/** Used by part of the installations, or only after the start: what is not loaded needs no memory. */
const ON_DEMAND = [
  'liquidjs',
  'mongodb',
  'mongoose',
  'mysql2',
  'nodemailer',
  'otplib',
  'pg',
  'pino-pretty',
  'socket.io',
];

/** Would be used if they were installed. */
const OPTIONAL = [
  '@fastify/multipart',
  '@fastify/view',
  '@nestjs/microservices',
  '@nestjs/platform-express',
  '@nestjs/platform-socket.io',
  'class-transformer/storage', // of another version of it
];

/** esbuild takes the subpaths of a package, too. */
export const EXTERNAL = [...NATIVE, ...ASSETS, ...ON_DEMAND, ...OPTIONAL];
