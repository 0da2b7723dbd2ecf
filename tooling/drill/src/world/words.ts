/** What people read, where a drill looks for it: one place for all, since words are improved more often than facts. */
export const words = {
  /** The bot is not well, and why. */
  stale: /is stale|no (?:heart)?beat for/i,
  down: /\bis down\b|process (?:\d+ )?(?:is gone|has ended|ended)/i,
  stuck: /is stuck|no progress/i,
  unknown: /is unknown/i,
  unhealthy: /\bis (?:stale|down|stuck|unknown|degraded)\b/i,
  restarting: /is being restarted|restart attempt|Restarting/i,
  /** It is claimed that a new start beats. */
  proven: /is proven|runs again|restart \d+ worked/i,
  cannotTell: /whether it is the new start (?:of restart \d+ )?cannot be told/i,
  failed: /restart \d+(?: of \d+)?(?: of \S+)? (?:has )?failed|restart \d+ did not work/i,
  recovered: /has recovered|recovered after/i,
  spent: /is restarted no more|restarts? (?:are|is) (?:spent|used up)|gives? up restarting|no more restarts/i,
  duplicate: /runs more than once|two (?:bots|runs|starts|instances)(?! would)|beat in turn|duplicate/i,
  session: /lost its session|session (?:is )?(?:lost|gone)/i,
  /** What a person is to set, where a restart cannot be made safely. */
  whatToSet:
    /--bot-process|--restart-ends-bot|its pid into line 3|"?pid"? and "?host"?|--supervise|restart command that ends|sentinel-monitor re(?:start|set)/i,
  notSafe:
    /not safe|cannot be (?:made )?safe|cannot restart .* safely|not restarted|no restart|--bot-process/i,
  disk: /disk|space|ENOSPC|inode/i,
  journal: /journal/i,
} as const;
