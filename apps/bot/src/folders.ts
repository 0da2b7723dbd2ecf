/** The app's data folder: beside `src/` when run from source, beside `dist/` when built. */
export const dataFolder = new URL('../data/', import.meta.url);
