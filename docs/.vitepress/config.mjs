// The pages of this folder as a static site: `pnpm docs:site`. A dead link ends the build.
import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

const docs = fileURLToPath(new URL('..', import.meta.url));
const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name } = process.env;
/** Where the sources are; without it what is outside of this folder is named and not linked. */
const repository = server && name ? `${server}/${name}/blob/main/` : null;

/** The title of a page is its first heading. */
const page = (path) => ({
  text: /^# (.*)$/m.exec(readFileSync(join(docs, path), 'utf8'))?.[1]?.replaceAll('`', '') ?? path,
  link: `/${path.replace(/README\.md$/, '').replace(/\.md$/, '')}`,
});
const pages = (folder) =>
  readdirSync(join(docs, folder))
    .filter((file) => file.endsWith('.md') && file !== 'README.md')
    .map((file) => page(posix.join(folder, file)));

/** A page that is none of this folder, seen from the page that links to it. */
const outsideOf = (from, href) => {
  if (/^[a-z]+:|^[#/]/i.test(href)) return null;
  const path = posix.normalize(posix.join('docs', posix.dirname(from), href));
  return path.startsWith('docs/') || path === 'docs' ? null : path;
};

const linksOf = (md) => {
  const open = md.renderer.rules.link_open;
  md.renderer.rules.link_open = (tokens, index, options, env, self) => {
    const token = tokens[index];
    const href = token.attrGet('href') ?? '';
    const outside = outsideOf(env.relativePath ?? '', href);
    if (outside === null) {
      // What a forge shows of a folder is its page here.
      token.attrSet('href', href.replace(/^(?![a-z]+:)(.*\/)?README\.md(?=$|#)/i, '$1index.md'));
      return open(tokens, index, options, env, self);
    }
    if (repository === null) return '<span>';
    token.attrSet('href', repository + outside);
    return open(tokens, index, options, env, self);
  };
  md.renderer.rules.link_close = (tokens, index, options, env, self) => {
    const href = tokens
      .slice(0, index)
      .findLast(({ type }) => type === 'link_open')
      ?.attrGet('href');
    const isNone = repository === null && outsideOf(env.relativePath ?? '', href ?? '') !== null;
    return isNone ? '</span>' : self.renderToken(tokens, index, options);
  };
};

// VitePress is run from outside of this repository, and brings Vue along.
const vue = dirname(createRequire(realpathSync(process.argv[1])).resolve('vue/package.json'));

export default {
  title: 'Sentinel',
  description: 'The heartbeat of a trading bot, and everything that listens to it.',
  rewrites: Object.fromEntries(
    ['', 'adr/', 'operation/'].map((folder) => [`${folder}README.md`, `${folder}index.md`]),
  ),
  outDir: '../.cache/site',
  cacheDir: '../.cache/vitepress',
  // Pages that this machine serves are examples.
  ignoreDeadLinks: [/^https?:\/\/(?:localhost|127\.0\.0\.1)/],
  markdown: { config: linksOf },
  vite: {
    resolve: {
      alias: [
        { find: /^vue$/, replacement: join(vue, 'dist/vue.runtime.esm-bundler.js') },
        { find: 'vue/server-renderer', replacement: join(vue, 'server-renderer/index.mjs') },
      ],
    },
  },
  themeConfig: {
    search: { provider: 'local' },
    sidebar: [
      {
        text: 'Begin',
        items: [page('README.md'), page('operation/quick-start.md'), page('operation/own-bot.md')],
      },
      {
        text: 'Operating',
        items: [page('operation/README.md'), ...pages('operation')].filter(
          ({ link }) => !/quick-start|own-bot/.test(link),
        ),
      },
      { text: 'Reference', items: pages('.') },
      { text: 'Decisions', collapsed: true, items: [page('adr/README.md'), ...pages('adr')] },
    ],
  },
};
