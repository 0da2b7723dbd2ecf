// Shared by what is built of the command: `./look.ts` has a bundle of its own.
export * from 'zod';
