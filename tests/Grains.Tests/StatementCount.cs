using System.Diagnostics;

namespace ChainCrm.Grains.Tests;

/// <summary>Counts what Npgsql sends for the caller and whatever the caller starts: one for each command or batch.</summary>
internal sealed class StatementCount : IDisposable
{
    private static readonly AsyncLocal<StatementCount?> Current = new();
    private readonly ActivityListener _listener;
    private int _count;

    public StatementCount()
    {
        Current.Value = this;
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => Current.Value == this ? ActivitySamplingResult.AllData : ActivitySamplingResult.None,
            ActivityStarted = _ =>
            {
                if (Current.Value == this) Interlocked.Increment(ref _count);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public int Count => Volatile.Read(ref _count);

    public void Dispose()
    {
        Current.Value = null;
        _listener.Dispose();
    }
}
