namespace ChainCrm.Silo.Operation;

/// <summary>
/// Every log line of the server process, in one place. The event ids are stable: operators search and alert by them, so a number is never
/// used for something else (docs/operations/telemetry.md lists them). Nothing personal and no request query ever becomes an argument here.
/// </summary>
internal static partial class Log
{
    [LoggerMessage(1000, LogLevel.Information, "ChainCrm {Version} starts; data folder {Folder}, chain {Chain}.")]
    public static partial void Starting(ILogger logger, string version, string folder, string chain);

    [LoggerMessage(1001, LogLevel.Information, "Listening on {Address}.")]
    public static partial void Listening(ILogger logger, string address);

    [LoggerMessage(1002, LogLevel.Information, "Ready after {Milliseconds} ms; journal at {Head}.")]
    public static partial void Ready(ILogger logger, long milliseconds, long head);

    [LoggerMessage(1003, LogLevel.Information, "Stopping: no new requests, those under way finish.")]
    public static partial void Stopping(ILogger logger);

    [LoggerMessage(1004, LogLevel.Information, "Stopped after {Milliseconds} ms.")]
    public static partial void Stopped(ILogger logger, long milliseconds);

    [LoggerMessage(1005, LogLevel.Warning, "Listening beyond this machine without https ({Address}). Put a reverse proxy with https in front.")]
    public static partial void OpenWithoutHttps(ILogger logger, string address);

    [LoggerMessage(1006, LogLevel.Information, "The first access key of headquarters is in {File} (readable by this user only).")]
    public static partial void OfficeKeyWritten(ILogger logger, string file);

    [LoggerMessage(1007, LogLevel.Error, "Stopping {Part} failed.")]
    public static partial void PartFailedToStop(ILogger logger, Exception failure, string part);

    [LoggerMessage(1008, LogLevel.Critical, "{Part} ended unexpectedly; the server stops so that its supervisor starts it again.")]
    public static partial void PartEnded(ILogger logger, Exception? failure, string part);

    [LoggerMessage(1009, LogLevel.Warning, "The dashboard is not there ({Folder}); only the API is served.")]
    public static partial void NoDashboard(ILogger logger, string folder);

    [LoggerMessage(1020, LogLevel.Warning, "{Count} keys of customers were copied from the data folder into the schema and compared; the file is kept as {Kept}. Keys destroyed from now on are still in it: delete it once a backup has been made.")]
    public static partial void KeysAdopted(ILogger logger, long count, string kept);

    [LoggerMessage(1100, LogLevel.Warning, "Not ready: {Reasons}.")]
    public static partial void NotReady(ILogger logger, string reasons);

    [LoggerMessage(1101, LogLevel.Information, "Ready again.")]
    public static partial void ReadyAgain(ILogger logger);

    [LoggerMessage(1200, LogLevel.Error, "A tick of the wall failed; the next one goes on.")]
    public static partial void WallTickFailed(ILogger logger, Exception failure);

    [LoggerMessage(1201, LogLevel.Debug, "A slow wall lost {Messages} messages and gets a snapshot.")]
    public static partial void WallFellBehind(ILogger logger, int messages);

    [LoggerMessage(1300, LogLevel.Information, "DEMO: generated chain {Template}, {Stores} stores, {Members} members. Nothing in it is real.")]
    public static partial void DemoStarts(ILogger logger, string template, int stores, int members);

    [LoggerMessage(1301, LogLevel.Information, "DEMO: filled {Sales} sales of yesterday and today in {Milliseconds} ms; trading live now.")]
    public static partial void DemoFilled(ILogger logger, long sales, long milliseconds);

    [LoggerMessage(1302, LogLevel.Warning, "DEMO: {Step} was refused with {Code} {Name}.")]
    public static partial void DemoRefused(ILogger logger, string step, int code, string name);

    [LoggerMessage(1303, LogLevel.Error, "DEMO: trade stopped by a failure; the server goes on without it.")]
    public static partial void DemoFailed(ILogger logger, Exception failure);
}
