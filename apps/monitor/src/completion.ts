import type { SettingKind } from '@sentinel/monitor';
import { type CommandFlag, flagsOfCommands } from './commands.ts';
import { commandTable, type Flag, flagTable, type Shell } from './flag-table.ts';

/** The words of the command `sentinel` that are no commands of the monitor. */
export const ownWords: Readonly<Record<string, string>> = {
  up: 'monitor, API and page together',
  monitor: 'watch the bot, send alerts, restart the bot',
  api: 'the API and the page',
  check: 'one look, for scripts',
  'install-service': 'let systemd run monitor and API',
  help: 'the options of a command',
};

/** Behind these every flag of the monitor may stand. */
const takesFlags = ['up', 'monitor', 'check'];
/** Of the monitor's flags a command needs those that say which bot it is about, and how it is shown. */
const ofEveryCommand = ['config', 'name', 'file', 'json'];
const shared = flagTable.filter(({ key }) => ofEveryCommand.includes(key));

const takesFile = (flag: Flag): boolean => {
  const { kind, value } = flag.setting as { kind: SettingKind; value?: string };
  return kind === 'market' || value === 'path' || value === 'json file';
};

const namesOf = ({ flag, setting }: Flag): string[] =>
  setting.short === undefined ? [flag] : [flag, `-${setting.short}`];
const flags = flagTable.flatMap(namesOf);
const fileFlags = flagTable.filter(takesFile).flatMap(namesOf);
const commands = Object.fromEntries(
  Object.entries(commandTable).map(([name, { meaning }]) => [name, meaning]),
);

const commandFlags = () => Object.entries(flagsOfCommands());

const bash = () => `# bash completion of sentinel and sentinel-monitor
_sentinel() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} words='${Object.keys(commands).join(' ')}'
  case $before in ${fileFlags.join('|')}) COMPREPLY=($(compgen -f -- "$current")); return ;; esac
  local word own='${flags.join(' ')}'
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in
${commandFlags()
  .map(
    ([name, own]) =>
      `      ${name}) own='${[...own.map(({ flag }) => flag), ...shared.map(({ flag }) => flag)].join(' ')}'; break ;;`,
  )
  .join('\n')}
    esac
  done
  if [[ $current == -* ]]; then words=$own
  elif [[ \${COMP_WORDS[0]##*/} == sentinel ]]; then
    [[ $COMP_CWORD == 1 || $before == help ]] || return
    words="$words ${Object.keys(ownWords).join(' ')}"
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _sentinel sentinel ./sentinel sentinel-monitor
`;

/** Inside of single quotes, where \`:\` and brackets part the words of zsh. */
const forZsh = (text: string) => text.replaceAll("'", '’').replace(/[[\]:]/g, '\\$&');

const zshOf = (flag: Flag) => {
  const { value, meaning } = flag.setting;
  const action = value === undefined ? '' : `:${forZsh(value)}:${takesFile(flag) ? '_files' : ''}`;
  return `'${flag.flag}[${forZsh(meaning)}]${action}'`;
};
const zshFlag = ({ flag, meaning, value }: CommandFlag) =>
  `'${flag}[${forZsh(meaning)}]${value ? ':value:' : ''}'`;

const zsh = () => `#compdef sentinel sentinel-monitor
_sentinel() {
  local -a cmds flags
  cmds=(
${Object.entries(commands)
  .map(([name, meaning]) => `    '${name}:${forZsh(meaning)}'`)
  .join('\n')}
  )
  [[ \${words[1]} == sentinel-monitor ]] || cmds+=(
${Object.entries(ownWords)
  .map(([name, meaning]) => `    '${name}:${forZsh(meaning)}'`)
  .join('\n')}
  )
  flags=(
${flagTable.map((flag) => `    ${zshOf(flag)}`).join('\n')}
  )
  local word
  for word in \${words[2,CURRENT-1]}; do
    case $word in
${commandFlags()
  .map(
    ([name, own]) =>
      `      ${name}) flags=(${[...own.map(zshFlag), ...shared.map(zshOf)].join(' ')}); break ;;`,
  )
  .join('\n')}
    esac
  done
  _arguments $flags '1:command:{_describe command cmds}' '*:argument:_files'
}
compdef _sentinel sentinel sentinel-monitor
`;

const forFish = (text: string) => `'${text.replace(/['\\]/g, '\\$&')}'`;

const alsoBehind = (flag: Flag) => (shared.includes(flag) ? ` ${Object.keys(commands).join(' ')}` : '');

const fish = () =>
  [
    '# fish completion of sentinel and sentinel-monitor',
    ...Object.entries({ ...ownWords, ...commands }).flatMap(([name, meaning]) =>
      ['sentinel', ...(name in ownWords ? [] : ['sentinel-monitor'])].map(
        (command) => `complete -c ${command} -n __fish_use_subcommand -f -a ${name} -d ${forFish(meaning)}`,
      ),
    ),
    ...commandFlags().flatMap(([name, own]) =>
      own.flatMap(({ flag, meaning, value }) =>
        ['sentinel', 'sentinel-monitor'].map(
          (command) =>
            `complete -c ${command} -n '__fish_seen_subcommand_from ${name}' -l ${flag.slice(2)}${value ? ' -x' : ''} -d ${forFish(meaning)}`,
        ),
      ),
    ),
    ...flagTable.flatMap((flag) =>
      [
        ['sentinel', `__fish_seen_subcommand_from ${takesFlags.join(' ')}${alsoBehind(flag)}`],
        [
          'sentinel-monitor',
          shared.includes(flag)
            ? 'true'
            : `not __fish_seen_subcommand_from ${Object.keys(commands).join(' ')}`,
        ],
      ].map(([command, when]) =>
        [
          `complete -c ${command} -n '${when}' -l ${flag.flag.slice(2)}`,
          ...(flag.setting.short === undefined ? [] : [`-s ${flag.setting.short}`]),
          ...(flag.setting.value === undefined ? [] : [takesFile(flag) ? '-r' : '-x']),
          `-d ${forFish(flag.setting.meaning)}`,
        ].join(' '),
      ),
    ),
    '',
  ].join('\n');

/** What a shell reads to complete the words and the flags: made from the tables that the help is made from. */
export const completionOf = (shell: Shell): string => ({ bash, zsh, fish })[shell]();
