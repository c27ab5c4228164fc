using Microsoft.Extensions.Logging;

namespace ChainCrm.Engine;

/// <summary>What the engine logs. Event ids 2000 to 2099 are stable: alerts are written against them. Never holds content of an entry.</summary>
internal static partial class EngineLog
{
    [LoggerMessage(2001, LogLevel.Information, "Engine started: {Partitions} partition(s), journal at position {Head}.")]
    public static partial void Started(ILogger logger, int partitions, long head);

    [LoggerMessage(2002, LogLevel.Information, "Engine stopped: journal at position {Head}.")]
    public static partial void Stopped(ILogger logger, long head);

    [LoggerMessage(2010, LogLevel.Error, "A commit of {Entries} entries failed; {Grains} entries' grains are read again.")]
    public static partial void CommitFailed(ILogger logger, Exception failure, int entries, int grains);

    [LoggerMessage(2011, LogLevel.Warning, "Another writer was first on {Streams} stream(s); they are read again.")]
    public static partial void Conflict(ILogger logger, int streams);

    [LoggerMessage(2020, LogLevel.Critical, "Stream {Stream} can't be folded and is set aside.")]
    public static partial void Quarantined(ILogger logger, Exception failure, string stream);

    [LoggerMessage(2021, LogLevel.Error, "Stream {Stream} can't be read now.")]
    public static partial void LoadFailed(ILogger logger, Exception failure, string stream);

    [LoggerMessage(2022, LogLevel.Error, "A request to {Stream} failed inside the rules; nothing was recorded.")]
    public static partial void OperationFailed(ILogger logger, Exception failure, string stream);

    [LoggerMessage(2030, LogLevel.Warning, "{Count} snapshots could not be kept; activation takes longer until the next ones.")]
    public static partial void SnapshotsFailed(ILogger logger, Exception failure, int count);

    [LoggerMessage(2031, LogLevel.Error, "A snapshot of {Stream} could not be taken.")]
    public static partial void SnapshotFailed(ILogger logger, Exception failure, string stream);

    [LoggerMessage(2040, LogLevel.Critical, "The entry at position {Position} can't be read; the feed passes it on without events.")]
    public static partial void FeedEntryUnreadable(ILogger logger, Exception failure, long position);

    [LoggerMessage(2050, LogLevel.Critical, "Partition {Partition} met an error outside any request and goes on.")]
    public static partial void LoopFailed(ILogger logger, Exception failure, int partition);
}
