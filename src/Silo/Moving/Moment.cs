using System.Globalization;

namespace ChainCrm.Silo.Moving;

/// <summary>The present time as notes have it.</summary>
internal static class Moment
{
    /// <summary>Such as 2026-11-23 02:15:30 UTC.</summary>
    public static string Now() => TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
