using ChainCrm.Silo.Operation;

namespace ChainCrm.Silo.Hosting;

/// <summary>Runs steps of stopping.</summary>
internal static class Quietly
{
    /// <summary>Runs one; a failure is logged, because one part that fails to stop must not keep the next ones from saving their state.</summary>
    public static async ValueTask RunAsync(ILogger logger, string part, Func<ValueTask> stop)
    {
        try
        {
            await stop();
        }
        catch (Exception failure)
        {
            Log.PartFailedToStop(logger, failure, part);
        }
    }
}
