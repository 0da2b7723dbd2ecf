import { z } from 'zod';

/** Where things stand on the broker's pages: CSS selectors, the first visible match counts. */
export const selectorsSchema = z
  .strictObject({
    username: z
      .string()
      .default('#username, input[name="username" i], input[name="userName"], input[type="email"]'),
    password: z.string().default('#password, input[type="password"]'),
    submit: z.string().default('#sign-in, button[type="submit"]'),
    signedIn: z.string().default('#account, [data-testid="account"]'),
    wrongPassword: z.string().default('#login-error, [role="alert"]'),
    captcha: z
      .string()
      .default('#captcha, .g-recaptcha, .h-captcha, .cf-turnstile, iframe[title*="challenge" i]'),
    secondFactor: z.string().default('#otp, input[autocomplete="one-time-code"]'),
    signOut: z.string().default('#sign-out'),
  })
  .prefault({});

export type Selectors = z.output<typeof selectorsSchema>;
