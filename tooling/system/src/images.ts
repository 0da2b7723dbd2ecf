import { join } from 'node:path';
import { baseRoot } from './cache.ts';
import type { Engine } from './engine.ts';

/** Build arguments that name the stand-ins, as environment of compose. */
export const standInImages = {
  SENTINEL_APPS: 'prebuilt',
  SENTINEL_NODE_IMAGE: 'stand-in/node:24-bookworm-slim',
  SENTINEL_DOCKER_CLI_IMAGE: 'stand-in/docker:cli',
  SENTINEL_PROXY_IMAGE: 'stand-in/haproxy:bookworm',
  SENTINEL_CHROMIUM: '0',
} as const;

const certificates = '/etc/ssl/certs/ca-certificates.crt';
const path = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const leaveOut = ['./proc/*', './sys/*', './dev/*', './var/cache/apt/archives/*', './var/lib/apt/lists/*']
  .concat('./usr/share/doc/*', './usr/share/locale/*')
  .map((pattern) => `--exclude='${pattern}'`)
  .join(' ');

/**
 * Makes the base images from Debian's own packages, so that nothing has to be pulled: Debian with this process'
 * own Node and the machine's npm, Debian with HAProxy, and the Docker client. Made once for each run.
 */
export const importStandIns = async (engine: Engine): Promise<void> => {
  const {
    SENTINEL_NODE_IMAGE: node,
    SENTINEL_DOCKER_CLI_IMAGE: cli,
    SENTINEL_PROXY_IMAGE: proxy,
  } = standInImages;
  if ((await engine.attempt(`docker image inspect ${node} ${cli} ${proxy}`)).code === 0) return;
  const base = await baseRoot();
  const extra = join(engine.folder, 'extra');
  const imported = (name: string, env: readonly string[], root: string) =>
    engine.sh(
      `set -o pipefail; tar ${leaveOut} -C '${root}' -c . | docker import -c 'CMD ["sh"]' ${env.map((one) => `-c 'ENV ${one}'`).join(' ')} - ${name}`,
    );
  await engine.sh(`
    set -e; rm -rf '${extra}'; mkdir -p '${extra}'/node/usr/local/bin '${extra}'/node/usr/local/lib/node_modules '${extra}'/node/etc/ssl/certs '${extra}'/cli/usr/local/bin
    cp '${process.execPath}' '${extra}'/node/usr/local/bin/node
    # npm's folder: wherever the machine has it, the link on the path ends at npm/bin/npm-cli.js.
    cp -RL "$(dirname "$(dirname "$(readlink -f "$(command -v npm)")")")" '${extra}'/node/usr/local/lib/node_modules/npm
    ln -s ../lib/node_modules/npm/bin/npm-cli.js '${extra}'/node/usr/local/bin/npm
    ln -s ../lib/node_modules/npm/bin/npx-cli.js '${extra}'/node/usr/local/bin/npx
    # The authorities that this machine trusts.
    cp '${certificates}' '${extra}'/node${certificates}
    mkdir '${extra}'/both; mount -t overlay overlay -o lowerdir='${extra}/node:${base}' '${extra}/both'
    cp /usr/bin/docker '${extra}'/cli/usr/local/bin/docker`);
  await imported(node, [path, `NODE_EXTRA_CA_CERTS=${certificates}`], `${extra}/both`);
  await imported(proxy, [path], base);
  await imported(cli, [path], `${extra}/cli`);
  await engine.sh(`umount '${extra}/both'; rm -rf '${extra}'`);
};

const server = (name: string, config: string, storage: string) =>
  [
    `ENTRYPOINT ["/bin/${name}"]`,
    `CMD ["--config.file=/etc/${name}/${config}", "--${storage}=/${name}"]`,
    'USER nobody',
    `WORKDIR /${name}`,
    `VOLUME /${name}`,
  ]
    .map((change) => `-c '${change}'`)
    .join(' ');

/** Prometheus and Alertmanager from Debian, under the names and with the folders of their own images. */
export const importPrometheus = async (engine: Engine): Promise<void> => {
  const extra = join(engine.folder, 'extra');
  const servers = [
    ['prom/prometheus:v3.5.0', 'prometheus', server('prometheus', 'prometheus.yml', 'storage.tsdb.path'), ''],
    [
      'prom/alertmanager:v0.28.1',
      'alertmanager',
      server('alertmanager', 'alertmanager.yml', 'storage.path'),
      'amtool',
    ],
  ] as const;
  for (const [image, name, changes, tool] of servers)
    await engine.sh(`
      set -e -o pipefail; rm -rf '${extra}'; mkdir -p '${extra}'/both '${extra}'/up/usr/bin '${extra}'/up/etc/'${name}' '${extra}'/up/'${name}'
      cp /usr/bin/prometheus${name === 'prometheus' ? '' : `-${name}`} '${extra}'/up/usr/bin/${name}
      ${tool === '' ? '' : `cp /usr/bin/${tool} '${extra}'/up/usr/bin/`}
      ln -s busybox '${extra}'/up/usr/bin/wget
      # Debian's Alertmanager keeps in a file what the other has built in.
      install -D -m 644 -t '${extra}'/up/usr/share/prometheus/alertmanager /usr/share/prometheus/alertmanager/*.tmpl
      chown 65534:65534 '${extra}'/up/'${name}'
      mount -t overlay overlay -o lowerdir='${extra}/up:${await baseRoot()}' '${extra}/both'
      tar ${leaveOut} -C '${extra}/both' -c . | docker import ${changes} -c 'ENV ${path}' - ${image}
      umount '${extra}/both'; rm -rf '${extra}'`);
};
