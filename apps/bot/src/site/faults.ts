/** What the site does wrong on purpose, so that a bot can be shown each trouble of a real broker. */
export type SiteFaults = {
  /** The next so many right passwords are refused. */
  rejectLogins: number;
  /** Of so many sign-ins the last but one is refused: with 3 the second, the fifth ...; 0 none. */
  rejectEvery: number;
  captcha: boolean;
  /** A right password is answered with a captcha over the form. */
  captchaAfterPassword: boolean;
  /** A right password is answered with a page that nobody has taught the bot. */
  unknownPage: boolean;
  secondFactor: boolean;
  /** Pages do not answer for so long, ms. */
  delayMs: number;
  /** The next so many orders are executed, but the answer is never sent. */
  dropAnswers: number;
  /** Orders are executed at once, and answered so much later, ms. */
  answerDelayMs: number;
};

export const noFaults = (): SiteFaults => ({
  rejectLogins: 0,
  rejectEvery: 0,
  captcha: false,
  captchaAfterPassword: false,
  unknownPage: false,
  secondFactor: false,
  delayMs: 0,
  dropAnswers: 0,
  answerDelayMs: 0,
});
