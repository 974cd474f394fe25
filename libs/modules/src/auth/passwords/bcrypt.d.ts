declare module 'bcrypt' {
  export function compare(password: string, hash: string): Promise<boolean>;
  export function hash(password: string, rounds: number): Promise<string>;
}
