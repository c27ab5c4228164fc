using ChainCrm.Silo.Operation;

namespace ChainCrm.Silo.Hosting;

/// <summary>What /health/ready looks at.</summary>
internal static class HealthChecks
{
    /// <summary>Adds all of it.</summary>
    public static void Add(Readiness readiness, ServerParts parts, DataSettings settings, TimeProvider clock)
    {
        var disk = new DiskWatch(settings.Folder, settings.DiskLowMegabytes, clock);
        readiness.AddReason(parts.Journal.Check);
        readiness.AddWarning(disk.Check);
        readiness.AddWarning(() => Lag(parts) > HostLimits.ReadSideLagWarning ? "read-side.lagging" : null);
        readiness.AddWarning(() => parts.ReadSide.Health.Any(part => part.FailuresInARow > 0) ? "read-side.failing" : null);
        readiness.AddFigure("head", () => parts.Journal.Head);
        readiness.AddFigure("readSidePosition", () => Position(parts));
        readiness.AddFigure("readSideLag", () => Lag(parts));
        readiness.AddFigure("diskFreeMegabytes", disk.FreeMegabytes);
    }

    private static long Position(ServerParts parts) => parts.ReadSide.Health.Min(part => part.Position);

    private static long Lag(ServerParts parts) => Math.Max(0, parts.Journal.Head - Position(parts));
}
