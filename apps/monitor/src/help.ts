export const examples = `
Examples:
  sentinel-monitor --restart "python heartbeat.py"     watch, alert in Slack, restart the bot
  sentinel-monitor --max-age 2 --no-notify             watch only: stale after two minutes without a beat
  sentinel-monitor --restart "python bot.py" --dry-run only log what would be done
  sentinel-monitor --config sentinel.json              several bots in one process
  sentinel-monitor --check                             print the state once, for cron and Nagios
  sentinel-monitor pause 30m --reason "new version"    no alerts and no restarts for half an hour
  sentinel-monitor halt --reason "daily loss" --for 2h  no restarts for two hours; alerts continue
  sentinel-monitor ack --note "on it" --expires 2h     no reminders of the open incident for two hours
  sentinel-monitor wrap --quiet-for 10m -- python3 bot.py  beat for a program that does not beat itself
  sentinel-monitor replay logs/sentinel.db -m 2        what --max-age 2 would have done so far

A time has a unit: 90s, 5m, 2h, 1d or 1h30m. A plain number is in minutes; for --interval, --backoff and --restart-timeout it is in
seconds. Fractions are allowed.

Exit codes:
  --check           0 healthy, 1 degraded, halted or stopped, 2 stale, stuck or down, 3 unknown. Stuck means: a monitor has
                    seen no progress for longer than --max-stall (the monitor's own, unless you give one)
  status            the same, and what a running monitor knows: 2 stuck or down, 1 an open incident
  everything else   0 done, 1 refused or failed, 64 bad usage or a bad config file
  every command     3 also where Node.js is too old for this program

Environment, also from .env: SLACK_WEBHOOK_URL, SLACK_WEBHOOK_URL_CRITICAL, FALLBACK_WEBHOOK_URL, SENTINEL_TELEGRAM_TOKEN,
SENTINEL_TELEGRAM_CHAT, SENTINEL_TELEGRAM_SERVER, SENTINEL_TELEGRAM_BUTTONS, SENTINEL_NTFY_URL, SENTINEL_NTFY_TOKEN,
SENTINEL_DISCORD_WEBHOOK_URL, LAST_WILL, LAST_WILL_AFTER, SENTINEL_SLACK_TOKEN, SENTINEL_SLACK_CHANNEL, SENTINEL_SLACK_APP_TOKEN,
HEARTBEAT_STATUS_FILE, SENTINEL_BOT_NAME, SENTINEL_DB, SENTINEL_PING_URL, SENTINEL_PUBLIC_URL, HTTPS_PROXY, HTTP_PROXY, NO_PROXY, NO_COLOR.
The monitor's log is heartbeat_monitor.log in the folder of SENTINEL_DB, its own beat is heartbeat_monitor_status.txt.`;
