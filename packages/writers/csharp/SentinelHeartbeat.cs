// The heartbeat of a trading bot in C#, for Sentinel: NinjaTrader strategies and other .NET programs (C# 5, .NET
// Framework 4.5 and later). One file, nothing beside the framework. The file and its keys: docs/status-file.md of Sentinel.
//
//   private readonly SentinelHeartbeat heartbeat = new SentinelHeartbeat(@"C:\bot\logs\heartbeat_status.txt");
//
//   protected override void OnBarUpdate() { heartbeat.Update("✅ Heartbeat active", true, "loop", CurrentBar); }
//
// Beat from the work, never from a timer: it would go on while the strategy hangs.
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Net;
using System.Text;
using System.Threading;

/// <summary>What a bot holds in one symbol. Stop: whether a resting stop protects it; null: not said.</summary>
public sealed class SentinelPosition
{
    public string Symbol;
    public bool IsLong;
    public double Quantity;
    public bool? Stop;
}

/// <summary>Writes the status file. One for each file; any thread may use it. No method throws.</summary>
public sealed class SentinelHeartbeat
{
    private const int LongestStatus = 1000;
    private const int MostBytes = 64 * 1024;
    private readonly object gate = new object();
    private readonly string file;
    private readonly string instance = Guid.NewGuid().ToString();
    private readonly DateTime startedAt = DateTime.UtcNow;
    private readonly int pid = Process.GetCurrentProcess().Id;
    private long seq;

    /// <summary>Why the last update did not land; null when it has.</summary>
    public Exception LastError { get; private set; }

    // What follows holds until it is set to something else; null ends it.

    /// <summary>Why the bot lives and does not trade, on purpose: it is not restarted while it beats.</summary>
    public string Halted { get; set; }
    /// <summary>What a person has to do. Nothing is restarted meanwhile.</summary>
    public string NeedsPerson { get; set; }
    /// <summary>What the bot has at stake; null: it does not say; empty: it is flat.</summary>
    public IList<SentinelPosition> Positions { get; set; }
    /// <summary>Open positions that are not listed, with Positions.</summary>
    public int? More { get; set; }
    /// <summary>Orders that rest at the broker, with Positions.</summary>
    public int? Orders { get; set; }
    /// <summary>Profit and loss of the day in Currency, with Positions.</summary>
    public double? PnlDay { get; set; }
    public string Currency { get; set; }
    /// <summary>When each feed last brought something (UTC, or local time by its Kind).</summary>
    public IDictionary<string, DateTime> Feeds { get; set; }
    /// <summary>What should happen by ExpectBy.</summary>
    public string Expect { get; set; }
    public DateTime? ExpectBy { get; set; }

    public SentinelHeartbeat(string file = "logs/heartbeat_status.txt")
    {
        try
        {
            this.file = Path.GetFullPath(file);
        }
        catch (Exception error) // no path, or the folder that it counts from is gone: each update says why it does not land
        {
            this.file = file;
            LastError = error;
        }
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
        if (line.Length == 0) line = "\u2753 No status given"; // no beat is lost for it
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
        AppendFacts(json);
        json.Append('}');
        var local = now.ToString("yyyy-MM-ddTHH:mm:ss.ffffff", CultureInfo.InvariantCulture);
        Replace(line + "\n" + local + "\n" + json + "\n");
    }

    private void AppendFacts(StringBuilder json)
    {
        var halted = Clean(Halted);
        if (halted != "") json.Append(", \"halted\": ").Append(Quote(halted));
        var person = Clean(NeedsPerson);
        if (person != "") json.Append(", \"needs_person\": ").Append(Quote(person));
        if (Positions != null) AppendExposure(json);
        if (Feeds != null)
        {
            var feeds = new List<string>();
            foreach (var each in Feeds) feeds.Add(Quote(Clean(each.Key)) + ": " + Quote(Instant(each.Value.ToUniversalTime())));
            json.Append(", \"feeds\": {").Append(string.Join(", ", feeds)).Append('}');
        }
        if (Expect != null && ExpectBy != null)
            json.Append(", \"expect\": {\"what\": ").Append(Quote(Clean(Expect))).Append(", \"by\": ").Append(Quote(Instant(ExpectBy.Value.ToUniversalTime()))).Append('}');
    }

    /// <summary>A number that is none makes all of it unknown: a position left out would make the bot look safer than it is.</summary>
    private void AppendExposure(StringBuilder json)
    {
        var positions = new List<string>();
        foreach (var each in Positions)
        {
            if (!IsNumber(each.Quantity)) return;
            var stop = each.Stop == null ? "" : ", \"stop\": " + (each.Stop.Value ? "true" : "false");
            positions.Add("{\"symbol\": " + Quote(Clean(each.Symbol)) + ", \"side\": " + (each.IsLong ? "\"long\"" : "\"short\"") + ", \"quantity\": " + Number(each.Quantity) + stop + "}");
        }
        if (PnlDay != null && !IsNumber(PnlDay.Value)) return;
        json.Append(", \"exposure\": {\"positions\": [").Append(string.Join(", ", positions)).Append(']');
        if (More != null) json.Append(", \"more\": ").Append(More.Value.ToString(CultureInfo.InvariantCulture));
        if (Orders != null) json.Append(", \"orders\": ").Append(Orders.Value.ToString(CultureInfo.InvariantCulture));
        if (PnlDay != null) json.Append(", \"pnl_day\": ").Append(Number(PnlDay.Value));
        if (Currency != null) json.Append(", \"currency\": ").Append(Quote(Clean(Currency)));
        json.Append('}');
    }

    private static bool IsNumber(double value) { return !double.IsNaN(value) && !double.IsInfinity(value); }

    private static string Number(double value) { return value.ToString("R", CultureInfo.InvariantCulture); }

    /// <summary>Written beside, then renamed: a reader sees the old file or the new one, never a part.</summary>
    private void Replace(string text)
    {
        var data = new UTF8Encoding(false).GetBytes(text);
        if (data.Length > MostBytes) throw new InvalidOperationException("A beat has at most 64 KiB: list fewer positions, and say in More how many there are");
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
