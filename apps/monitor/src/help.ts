/** What the help says after the options. */
export const examples = `
Examples:
  sentinel-monitor --restart "python heartbeat.py"     watch, tell Slack, restart the bot
  sentinel-monitor --max-age 2 --no-notify             watch only: two minutes without a beat are too many
  sentinel-monitor --restart "python bot.py" --dry-run log what would be done, and do nothing
  sentinel-monitor --config sentinel.json              several bots in one process
  sentinel-monitor --check                             one look, for cron and Nagios
  sentinel-monitor pause 30m --reason "new version"    no alerts and no restarts for half an hour
  sentinel-monitor halt --reason "daily loss" --for 2h  not restarted for two hours; alerts go on
  sentinel-monitor wrap --quiet-for 10m -- python3 bot.py  beat for a program that does not beat itself
  sentinel-monitor replay logs/sentinel.db -m 2        what two minutes would have meant so far

Lengths of time are minutes, --interval, --backoff and --restart-timeout seconds; fractions are allowed.

Exit codes:
  --check           0 healthy, 1 degraded, halted or stopped, 2 stale, stuck or down, 3 unknown; stuck where a monitor has seen it
                    get nothing done for longer than --max-stall, which is that monitor's unless it is given
  status            the same, and where a monitor runs what it knows: 2 stuck or down, 1 an incident that is open
  everything else   0 done, 1 refused or failed, 64 bad usage or a bad config file

Environment, also from .env: SLACK_WEBHOOK_URL, SLACK_WEBHOOK_URL_CRITICAL, FALLBACK_WEBHOOK_URL, SENTINEL_TELEGRAM_TOKEN,
SENTINEL_TELEGRAM_CHAT, SENTINEL_TELEGRAM_SERVER, SENTINEL_NTFY_URL, SENTINEL_NTFY_TOKEN, SENTINEL_DISCORD_WEBHOOK_URL,
HEARTBEAT_STATUS_FILE, SENTINEL_BOT_NAME, SENTINEL_DB, SENTINEL_PING_URL, HTTPS_PROXY, HTTP_PROXY, NO_PROXY, NO_COLOR.
The monitor's log is heartbeat_monitor.log beside SENTINEL_DB, its own beat heartbeat_monitor_status.txt.`;
