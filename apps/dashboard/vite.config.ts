import { defaultClientConditions, defineConfig } from 'vite';

export default defineConfig({
  // Relative addresses: the page also works behind a proxy that serves it under a prefix.
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  // What it shares with the programs comes from their sources, as in every test.
  resolve: { conditions: ['@sentinel/source', ...defaultClientConditions] },
  // `pnpm --filter @sentinel/app-dashboard dev` shows the sources with the data of an API that runs beside it.
  server: { proxy: { '/api': 'http://127.0.0.1:5000' } },
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    // Inlined assets would be data: addresses, and those need a hole in the content security policy.
    assetsInlineLimit: 0,
    cssMinify: true,
  },
});
