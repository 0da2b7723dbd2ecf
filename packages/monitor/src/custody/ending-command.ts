import { baseOf } from './place.ts';

/** How a tool that ends the old bot by itself is called: `docker --context y restart`, `systemctl --user restart`. */
type Tool = {
  /** The words between the tool and `restart`, without options. */
  readonly verbs: readonly string[];
  /** Options with a value in a word of its own. */
  readonly valued: readonly string[];
  /** Without a name behind it all is restarted. */
  readonly all?: true;
};

const compose = [
  ...['-f', '--file', '-p', '--project-name', '--profile', '--env-file', '--project-directory'],
  ...['--ansi', '--progress', '--parallel', '-t', '--timeout'],
];
const docker = ['-c', '--context', '-H', '--host', '-l', '--log-level', '--config', '--tlscacert'];
const more = ['--tlscert', '--tlskey', '-t', '--time', '--timeout', '-s', '--signal'];

const tools: Readonly<Record<string, readonly Tool[]>> = {
  docker: [
    { verbs: ['restart'], valued: [...docker, ...more] },
    { verbs: ['container', 'restart'], valued: [...docker, ...more] },
    { verbs: ['compose', 'restart'], valued: [...docker, ...more, ...compose], all: true },
  ],
  'docker-compose': [{ verbs: ['restart'], valued: compose, all: true }],
  systemctl: [
    { verbs: ['restart'], valued: ['-H', '--host', '-M', '--machine', '-t', '--type', '-n', '--lines'] },
  ],
  supervisorctl: [
    {
      verbs: ['restart'],
      valued: ['-c', '--configuration', '-s', '--serverurl', '-u', '--username', '-p', '--password'],
    },
  ],
  pm2: [{ verbs: ['restart'], valued: [] }],
};

/** With these a tool does not wait for the end of the old bot, or does nothing at all. */
const hollow = /^(?:--no-block|--dry-run(?:=.*)?|--help|-h|--version|-v|--no-start)$/;

/** Programs that run another one as another user. Options that are not here may do more. */
const elevators: Readonly<Record<string, { readonly flag: RegExp; readonly valued: readonly string[] }>> = {
  sudo: {
    flag: /^(?:-[nEHkAP]+|--non-interactive|--set-home|--preserve-env(?:=.*)?|--(?:user|group)=.*)$/,
    valued: ['-u', '--user', '-g', '--group'],
  },
  doas: { flag: /^-n$/, valued: ['-u'] },
};

const assignment = /^[A-Za-z_]\w*=/;

/** Without `sudo -n` and the like in front; `null`: with an option of which it is not known what it does. */
const withoutElevator = (words: readonly string[]): readonly string[] | null => {
  const [first = ''] = words;
  const elevator = elevators[baseOf(first)];
  if (elevator === undefined) return words;
  let at = 1;
  for (let word = words[at]; word !== undefined; word = words[at]) {
    if (word === '--') return words.slice(at + 1);
    if (elevator.valued.includes(word)) at += 2;
    else if (elevator.flag.test(word) || assignment.test(word)) at += 1;
    else return word.startsWith('-') ? null : words.slice(at);
  }
  return null;
};

/** Whether the words behind a tool's name are its verbs, and what is to be restarted. */
const restarts = (words: readonly string[], { verbs, valued, all }: Tool): boolean => {
  const plain: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (hollow.test(word)) return false;
    if (valued.includes(word)) at += 1;
    else if (!word.startsWith('-')) plain.push(word);
  }
  return plain.length >= verbs.length + (all ? 0 : 1) && verbs.every((verb, at) => plain[at] === verb);
};

/**
 * The tool and the verb by which a command ends the old bot by itself; `null`: it is not known that it does.
 *
 * `endingOf(['sudo', '-n', 'systemctl', 'restart', 'bot'])` is `systemctl restart`.
 *
 * @param words the command, without what a shell would do with it.
 */
export const endingOf = (words: readonly string[]): string | null => {
  const [program = '', ...behind] = withoutElevator(words) ?? [];
  const name = baseOf(program);
  // A file of that name beside the bot is another program: only its plain name, or its full path.
  if (program !== name && !program.startsWith('/')) return null;
  const tool = Object.hasOwn(tools, name) ? tools[name]?.find((each) => restarts(behind, each)) : undefined;
  return tool === undefined ? null : [name, ...tool.verbs].join(' ');
};
