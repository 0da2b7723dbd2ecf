// One look at bots, and the settings that it needs: an entry of its own, since a program that looks every 30 s should not
// load the watchdog for it.
export { check } from './cli/check.ts';
export { filesIn, nameOfFile, namesIn } from './cli/read-journal.ts';
export { toBotOptions } from './config/bot-options.ts';
export { contradictionsIn } from './config/contradictions.ts';
export { readConfig, readMarketHoursFile } from './config/read-config.ts';
export { fitsNumber, fitsText, numberIn } from './config/setting-kinds.ts';
export { botSettings, monitorSettings } from './config/settings.ts';
