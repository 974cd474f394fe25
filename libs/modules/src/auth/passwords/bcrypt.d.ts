declare module 'bcrypt' {
  export function compare(password: string, hash: string): Promise<boolean>;
}
