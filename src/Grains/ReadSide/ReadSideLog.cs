using Microsoft.Extensions.Logging;

namespace ChainCrm.Grains.ReadSide;

/// <summary>What the read side writes to the log: event ids 3000 to 3099, stable. Never a personal value.</summary>
internal static partial class ReadSideLog
{
    [LoggerMessage(3000, LogLevel.Error, "Projection {Projection} failed after position {Position} ({Failures} in a row) and is tried again.")]
    public static partial void ProjectionFailed(ILogger logger, Exception failure, string projection, long position, int failures);

    [LoggerMessage(3001, LogLevel.Warning, "The read models are rebuilt from the journal: {Reason}.")]
    public static partial void Rebuilding(ILogger logger, string reason);

    [LoggerMessage(3002, LogLevel.Information, "The read side stands at {Position} of {Head} after {Milliseconds} ms.")]
    public static partial void CaughtUp(ILogger logger, long position, long head, long milliseconds);

    [LoggerMessage(3003, LogLevel.Error, "Programme version {Version} of chain {Chain} does not compile; the version before goes on.")]
    public static partial void ProgrammeUnusable(ILogger logger, int version, string chain);

    [LoggerMessage(3004, LogLevel.Error, "Access key {KeyId} of chain {Chain} has the id of another chain's key and is ignored.")]
    public static partial void KeyIdTaken(ILogger logger, string keyId, string chain);

    [LoggerMessage(3010, LogLevel.Error, "The agenda failed ({Failures} in a row) and is tried again.")]
    public static partial void AgendaFailed(ILogger logger, Exception failure, int failures);

    [LoggerMessage(3011, LogLevel.Warning, "Waking {Stream} was refused with {Code} {Name}; tried again in {Milliseconds} ms.")]
    public static partial void WakeUpPostponed(ILogger logger, string stream, int code, string name, long milliseconds);

    [LoggerMessage(3012, LogLevel.Error, "Waking {Stream} was refused for good with {Code} {Name}; it is taken off the agenda.")]
    public static partial void WakeUpRefused(ILogger logger, string stream, int code, string name);

    [LoggerMessage(3013, LogLevel.Error, "Waking {Stream} failed; tried again in {Milliseconds} ms.")]
    public static partial void WakeUpFailed(ILogger logger, Exception failure, string stream, long milliseconds);

    [LoggerMessage(3014, LogLevel.Warning, "The agenda is rebuilt from the journal: {Reason}.")]
    public static partial void AgendaRebuilding(ILogger logger, string reason);

    [LoggerMessage(3016, LogLevel.Debug, "{Stream} has nothing due at its own time; asked again in {Milliseconds} ms.")]
    public static partial void NothingDueYet(ILogger logger, string stream, long milliseconds);

    [LoggerMessage(3017, LogLevel.Warning, "{Stream} had nothing due at its own time however often it was asked; it is taken off the agenda.")]
    public static partial void NothingDue(ILogger logger, string stream);
}
