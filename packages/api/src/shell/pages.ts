import { existsSync, realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import helmet from '@fastify/helmet';
import fastifyStatic from '@fastify/static';
import { foreignFolder, unlessRefused } from '@sentinel/heartbeat-core';
import type { App, Context } from './context.ts';

/** No inline script, no inline style, no other host. */
export const contentSecurityPolicy = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", 'data:'],
    fontSrc: ["'self'"],
    connectSrc: ["'self'"],
    manifestSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
};

/** Whether a file is in that folder, wherever links lead. None there is: it is answered as that. */
const liesWithin = (folder: string, path: string): boolean => {
  const real = unlessRefused(() => realpathSync(join(folder, path)), null);
  return real === null || real.startsWith(realpathSync(folder) + sep) || real === realpathSync(folder);
};

/** Serves the built dashboard at `/`. Helmet's headers cost half of all speed, so only pages carry them. */
export const servePages = (app: App, { options, log }: Context): void => {
  const { dashboardDir } = options;
  app.register(async (pages) => {
    await pages.register(helmet, { contentSecurityPolicy, strictTransportSecurity: false });
    if (dashboardDir === undefined || !existsSync(join(dashboardDir, 'index.html'))) {
      pages.addHook('onListen', async () =>
        log.info('the dashboard is not built: only the API is served; `pnpm build` makes it'),
      );
      return;
    }
    const foreign = foreignFolder(join(dashboardDir, 'index.html'));
    if (foreign !== null) {
      log.warn(
        `${foreign}: the dashboard is not served. Run the API as that user, or give the folder to root alone`,
      );
      return;
    }
    await pages.register(fastifyStatic, {
      root: dashboardDir,
      allowedPath: (path) => liesWithin(dashboardDir, path),
      prefix: '/',
      dotfiles: 'deny',
      redirect: false,
      // What Vite gives a hash in its name never changes.
      setHeaders: (response, path) => {
        response.header(
          'cache-control',
          /[\\/]assets[\\/]/.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache',
        );
      },
    });
  });
};
