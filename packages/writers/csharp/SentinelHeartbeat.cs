// The heartbeat of a trading bot in C#, for Sentinel: NinjaTrader strategies and other .NET programs (C# 5, .NET
// Framework 4.5 and later). One file, nothing beside the framework. The file and its keys: docs/status-file.md of Sentinel.
//
//   private readonly SentinelHeartbeat heartbeat = new SentinelHeartbeat(@"C:\bot\logs\heartbeat_status.txt");
//
//   protected override void OnBarUpdate() { heartbeat.Update("✅ Heartbeat active", true, "loop", CurrentBar); }
//
// Beat from the work, never from a timer: it would go on while the strategy hangs.
using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Net;
using System.Text;
using System.Threading;

/// <summary>Writes the status file. One for each file; any thread may use it. No method throws.</summary>
public sealed class SentinelHeartbeat
{
    private const int LongestStatus = 1000;
    private readonly object gate = new object();
    private readonly string file;
    private readonly string instance = Guid.NewGuid().ToString();
    private readonly DateTime startedAt = DateTime.UtcNow;
    private readonly int pid = Process.GetCurrentProcess().Id;
    private long seq;

    /// <summary>Why the last update did not land; null when it has.</summary>
    public Exception LastError { get; private set; }

    public SentinelHeartbeat(string file = "logs/heartbeat_status.txt")
    {
        this.file = Path.GetFullPath(file);
    }

    /// <summary>Writes one beat. Never throws: returns whether it landed, and LastError says why not.</summary>
    /// <param name="status">An indicator, a space, a message: "✅ Trade executed".</param>
    /// <param name="sessionActive">Whether the broker session is up.</param>
    /// <param name="source">Who beats: "login", "loop", "reporter".</param>
    /// <param name="progress">A number that changes only when real work is done.</param>
    /// <param name="stopped">This end is planned: nobody is alarmed.</param>
    public bool Update(string status, bool sessionActive = true, string source = null, long? progress = null, bool stopped = false)
    {
        lock (gate)
        {
            try
            {
                Write(status, sessionActive, source, progress, stopped);
                LastError = null;
                return true;
            }
            catch (Exception error) // whatever it is, the strategy trades on
            {
                LastError = error;
                return false;
            }
        }
    }

    private void Write(string status, bool sessionActive, string source, long? progress, bool stopped)
    {
        var line = Clean(status);
        if (line.Length == 0) throw new ArgumentException("The status has no text");
        seq += 1;
        var now = DateTime.Now;
        var json = new StringBuilder("{\"session_active\": ").Append(sessionActive ? "true" : "false");
        json.Append(", \"updated_at\": ").Append(Quote(Instant(now.ToUniversalTime())));
        json.Append(", \"started_at\": ").Append(Quote(Instant(startedAt)));
        json.Append(", \"pid\": ").Append(pid.ToString(CultureInfo.InvariantCulture));
        json.Append(", \"host\": ").Append(Quote(Clean(Dns.GetHostName())));
        json.Append(", \"instance\": ").Append(Quote(instance));
        json.Append(", \"seq\": ").Append(seq.ToString(CultureInfo.InvariantCulture));
        if (source != null) json.Append(", \"source\": ").Append(Quote(Clean(source)));
        if (progress != null) json.Append(", \"progress\": ").Append(progress.Value.ToString(CultureInfo.InvariantCulture));
        if (stopped) json.Append(", \"stopped\": true");
        json.Append('}');
        var local = now.ToString("yyyy-MM-ddTHH:mm:ss.ffffff", CultureInfo.InvariantCulture);
        Replace(line + "\n" + local + "\n" + json + "\n");
    }

    /// <summary>Written beside, then renamed: a reader sees the old file or the new one, never a part.</summary>
    private void Replace(string text)
    {
        var data = new UTF8Encoding(false).GetBytes(text);
        Directory.CreateDirectory(Path.GetDirectoryName(file));
        var temporary = file + "." + pid.ToString(CultureInfo.InvariantCulture) + "." + Guid.NewGuid().ToString("N").Substring(0, 8) + ".tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write)) stream.Write(data, 0, data.Length);
            // A reader that holds the file open refuses the rename for a moment.
            for (var wait = 1; ; wait *= 2)
            {
                try
                {
                    if (File.Exists(file)) File.Replace(temporary, file, null);
                    else File.Move(temporary, file);
                    return;
                }
                catch (IOException)
                {
                    if (wait > 16) throw;
                    Thread.Sleep(wait);
                }
            }
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>One line of at most 1,000 characters, without control characters and halves of characters.</summary>
    private static string Clean(string text)
    {
        var line = new StringBuilder();
        var given = text ?? "";
        for (var at = 0; at < given.Length; at++)
        {
            var each = given[at];
            if (char.IsHighSurrogate(each) && at + 1 < given.Length && char.IsLowSurrogate(given[at + 1])) line.Append(each).Append(given[++at]);
            else if (char.IsSurrogate(each)) line.Append('\uFFFD');
            else line.Append(char.IsControl(each) || each == '\u2028' || each == '\u2029' ? ' ' : each);
        }
        var whole = line.ToString().Trim();
        if (whole.Length <= LongestStatus) return whole;
        var end = char.IsHighSurrogate(whole[LongestStatus - 2]) ? LongestStatus - 2 : LongestStatus - 1;
        return whole.Substring(0, end).TrimEnd() + "…";
    }

    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var each in text)
        {
            if (each == '"' || each == '\\') quoted.Append('\\');
            if (each < ' ') quoted.Append("\\u").Append(((int)each).ToString("x4", CultureInfo.InvariantCulture));
            else quoted.Append(each);
        }
        return quoted.Append('"').ToString();
    }

    private static string Instant(DateTime utc)
    {
        return utc.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
    }
}
