import { dirname } from 'node:path';

export type ServicePlan = {
  /** What the services are called. What the bot is called its `.env` says: a command in its folder asks for the same bot. */
  readonly name: string;
  /** The bot's folder: its `logs` has the status file and the journal, its `.env` the settings. */
  readonly folder: string;
  /** The status file where it is not `logs/heartbeat_status.txt` of that folder. */
  readonly file?: string;
  readonly user: string;
  readonly node: string;
  /** The file that Node runs: this command. */
  readonly program: string;
  readonly port: number;
  /** How the bot is run: by a unit of its own, by the monitor, or by somebody who is not Sentinel's business. */
  readonly bot:
    | { readonly kind: 'unit'; readonly unit: string }
    | { readonly kind: 'command'; readonly command: string }
    | { readonly kind: 'unknown' };
  readonly options: readonly string[];
};

export type Unit = { readonly file: string; readonly text: string };

/** The first line of each file of ours: nothing else is replaced or removed. */
export const marker = '# Written by sentinel install-service';

/** One word of `ExecStart=`: systemd expands `%` and `$`, and knows quotes. */
export const quoted = (word: string): string =>
  `"${word.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%').replaceAll('$', '$$$$')}"`;

/** The same of a setting that is no command line: only `%` is expanded. */
const path = (text: string): string =>
  `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%')}"`;

/** The file by which the monitor asks for a restart: it may not give orders to systemd itself. */
const askFile = (name: string) => `/run/sentinel-${name}/restart`;

const isHome = (file: string) => /^\/(?:home|root|run\/user)\//.test(`${file}/`);

const writable = ({ folder, file }: ServicePlan, runsBot: boolean): string[] => [
  runsBot ? folder : `${folder}/logs`,
  ...(file === undefined ? [] : [dirname(file)]),
];

/** What neither program ever needs. A bot that the monitor runs gets the same, without what browsers and tools need. */
const hardening = (plan: ServicePlan, runsBot: boolean): string[] => [
  'ProtectSystem=strict',
  `ReadWritePaths=${writable(plan, runsBot).map(path).join(' ')}`,
  `ProtectHome=${[plan.folder, plan.file ?? '', plan.program, plan.node].some(isHome) ? 'read-only' : 'true'}`,
  'PrivateTmp=true',
  'PrivateDevices=true',
  'NoNewPrivileges=true',
  'CapabilityBoundingSet=',
  'AmbientCapabilities=',
  'ProtectKernelTunables=true',
  'ProtectKernelModules=true',
  'ProtectKernelLogs=true',
  'ProtectControlGroups=true',
  'ProtectClock=true',
  'ProtectHostname=true',
  'RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK',
  'RestrictRealtime=true',
  'RestrictSUIDSGID=true',
  'LockPersonality=true',
  'SystemCallArchitectures=native',
  'UMask=0027',
  ...(runsBot
    ? []
    : [
        'ProtectProc=invisible',
        'RestrictNamespaces=true',
        'RemoveIPC=true',
        'SystemCallFilter=@system-service',
        'SystemCallErrorNumber=EPERM',
        'MemoryMax=256M',
        '# glibc would keep the memory that the threads of the compiler have given back.',
        'Environment=MALLOC_ARENA_MAX=1',
        'TasksMax=128',
      ]),
];

const restartOptions = ({ bot, name }: ServicePlan): string[] => {
  if (bot.kind === 'unit') return ['--restart', `touch ${askFile(name)}`, '--restart-ends-bot'];
  return bot.kind === 'command' ? ['--restart', bot.command, '--supervise'] : [];
};

const service = (
  plan: ServicePlan,
  about: string,
  own: readonly string[],
  args: readonly string[],
  runsBot: boolean,
) =>
  [
    marker,
    '[Unit]',
    `Description=Sentinel: ${about} ${plan.name}`,
    'After=network-online.target',
    'Wants=network-online.target',
    '# It has to be there whatever happens: systemd never gives up on it.',
    'StartLimitIntervalSec=0',
    '',
    '[Service]',
    'Type=notify',
    'NotifyAccess=all',
    ...own,
    `ExecStart=${[plan.node, plan.program, ...args].map(quoted).join(' ')}`,
    `WorkingDirectory=${plan.folder.replaceAll('%', '%%')}`,
    `User=${plan.user}`,
    'Environment=NODE_ENV=production',
    ...(plan.file === undefined ? [] : [`Environment=${path(`HEARTBEAT_STATUS_FILE=${plan.file}`)}`]),
    'Restart=always',
    'RestartSec=5',
    'TimeoutStopSec=60',
    '# The monitor ends a bot of its own in order; only what is left after that is killed.',
    'KillMode=mixed',
    ...hardening(plan, runsBot),
    '',
    '[Install]',
    'WantedBy=multi-user.target',
    '',
  ].join('\n');

/** What asks for the restart, for the bot's own unit. Root does that one thing, and nobody else gets a right. */
const restarter = ({ name, bot }: ServicePlan): Unit[] =>
  bot.kind === 'unit'
    ? [
        {
          file: `sentinel-${name}-restart.path`,
          text: `${marker}
[Unit]
Description=Sentinel: the monitor asks for a restart of ${bot.unit}

[Path]
PathExists=${askFile(name)}
# Once a second at most; the monitor's own budget is far below that.
TriggerLimitIntervalSec=0

[Install]
WantedBy=multi-user.target
`,
        },
        {
          file: `sentinel-${name}-restart.service`,
          text: `${marker}
[Unit]
Description=Sentinel: restarts ${bot.unit}
StartLimitIntervalSec=0

[Service]
Type=oneshot
ExecStart=/bin/rm -rf ${askFile(name)}
# After too many crashes a unit counts as failed, and is started again only so.
ExecStart=-/bin/systemctl reset-failed ${quoted(bot.unit)}
ExecStart=/bin/systemctl restart ${quoted(bot.unit)}
`,
        },
      ]
    : [];

export const unitsOf = (plan: ServicePlan): Unit[] => [
  {
    file: `sentinel-${plan.name}-monitor.service`,
    text: service(
      plan,
      'watches',
      [
        '# A sign of life is a look that was completed: a monitor that hangs is ended and started again.',
        'WatchdogSec=5min',
        ...(plan.bot.kind === 'unit'
          ? [`RuntimeDirectory=sentinel-${plan.name}`, 'RuntimeDirectoryPreserve=yes']
          : []),
      ],
      ['monitor', ...restartOptions(plan), ...plan.options],
      plan.bot.kind === 'command',
    ),
  },
  {
    file: `sentinel-${plan.name}-api.service`,
    text: service(
      plan,
      'API and page of',
      [
        '# A sign of life is an answer to its own question on /livez.',
        'WatchdogSec=60s',
        `Environment=PORT=${plan.port}`,
      ],
      ['api'],
      false,
    ),
  },
  ...restarter(plan),
];

/** The units that systemd starts by itself. The one that restarts the bot is started by its path. */
export const startedUnits = (plan: ServicePlan): string[] =>
  unitsOf(plan)
    .map(({ file }) => file)
    .filter((file) => !file.endsWith('-restart.service'));
